/**
 * What Redis does in one step. `KEYS[1]` begins all names, so that all of them lie in one slot of a cluster when the prefix
 * is in braces. A request is a hash `r:<id>`: `v` version, `s` seq, `r` record, `p` parameters, `a` answer, `x` result, `y`
 * mark of its key, and what it is found by: `st` state, `k` rank, `f` feature, `d` deadline, `h` has an
 * answer, `o` mark of its owner. Sorted sets: `state:<state>:<rank>`, `dead`, `notices` by seq; `due:<state>`, `ready`,
 * `deadlines`, `ends` and `ended-of:<mark>` by time.
 */
const APPLY = `
local function apply(base, id, plan)
  for _, name in ipairs(plan.leave) do redis.call('ZREM', base .. ':' .. name, id) end
  for _, entry in ipairs(plan.enter) do redis.call('ZADD', base .. ':' .. entry[1], entry[2], id) end
end`;

/** ARGV: id, version, plan, fields to delete (JSON), then names and values of fields. Gives 1, or 0 when it is too late. */
export const REPLACE = `${APPLY}
local record = KEYS[1] .. ':r:' .. ARGV[1]
if redis.call('HGET', record, 'v') ~= ARGV[2] then return 0 end
apply(KEYS[1], ARGV[1], cjson.decode(ARGV[3]))
for _, field in ipairs(cjson.decode(ARGV[4])) do redis.call('HDEL', record, field) end
redis.call('HSET', record, 'v', tostring(tonumber(ARGV[2]) + 1), unpack(ARGV, 5))
return 1`;

/** ARGV: id, mark of its key, most open, plan, step to take with it (JSON, or ''), its fields, then names and values. */
export const INSERT = `${APPLY}
local base, id, key = KEYS[1], ARGV[1], ARGV[2]
if redis.call('EXISTS', base .. ':r:' .. id) == 1 then return {'known', id} end
local other = key ~= '' and redis.call('HGET', base .. ':keys', key)
if other then return {'known', other} end
local open = 0
for rank = 0, 2 do
  open = open + redis.call('ZCARD', base .. ':state:waiting:' .. rank) + redis.call('ZCARD', base .. ':state:running:' .. rank)
end
if open >= tonumber(ARGV[3]) then return {'full'} end
if ARGV[5] ~= '' then
  local step = cjson.decode(ARGV[5])
  local record = base .. ':r:' .. step.id
  if redis.call('HGET', record, 'v') ~= step.version then return {'stale'} end
  apply(base, step.id, step.plan)
  redis.call('HSET', record, 'v', tostring(tonumber(step.version) + 1), unpack(step.fields))
end
local seq = redis.call('INCR', base .. ':seq')
local plan = cjson.decode(ARGV[4])
for _, entry in ipairs(plan.enter) do
  if entry[2] == 'seq' then entry[2] = seq end
end
apply(base, id, plan)
redis.call('HSET', base .. ':r:' .. id, 'v', '1', 's', tostring(seq), unpack(ARGV, 6))
if key ~= '' then redis.call('HSET', base .. ':keys', key, id) end
return {'added'}`;

/** ARGV: id, mark of its key. */
export const KNOWN = `
if redis.call('EXISTS', KEYS[1] .. ':r:' .. ARGV[1]) == 1 then return ARGV[1] end
return ARGV[2] ~= '' and redis.call('HGET', KEYS[1] .. ':keys', ARGV[2])`;

/** ARGV: now, how many. Gives id, feature, rank, seq, deadline and whether it has an answer, of those that are ready. */
export const READY = `
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1] .. ':ready', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local row = redis.call('HMGET', KEYS[1] .. ':r:' .. id, 'f', 'k', 's', 'd', 'h')
  table.insert(found, {id, unpack(row)})
end
return found`;

/** ARGV: name of the sets, their ranks (JSON), after which seq, how many of each. Gives ids and scores. */
export const PAGE = `
local found = {}
for _, name in ipairs(cjson.decode(ARGV[1])) do
  local some = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':' .. name, '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
  for _, value in ipairs(some) do table.insert(found, value) end
end
return found`;

/** ARGV: state. Gives, for each rank, how many, and, where there are any, when the first of them was due. */
export const COUNT = `
local found = {}
for rank = 0, 2 do table.insert(found, redis.call('ZCARD', KEYS[1] .. ':state:' .. ARGV[1] .. ':' .. rank)) end
table.insert(found, redis.call('ZRANGE', KEYS[1] .. ':due:' .. ARGV[1], 0, 0, 'WITHSCORES')[2])
return found`;

/** ARGV: id. */
export const AHEAD = `
local row = redis.call('HMGET', KEYS[1] .. ':r:' .. ARGV[1], 'st', 'k', 's')
if row[1] ~= 'waiting' then return false end
local waiting = KEYS[1] .. ':state:waiting:'
local ahead = redis.call('ZCOUNT', waiting .. row[2], '-inf', '(' .. row[3])
for rank = 0, tonumber(row[2]) - 1 do ahead = ahead + redis.call('ZCARD', waiting .. rank) end
return ahead`;

const LEAVE_ALL = `
local function leaveAll(base, id)
  local row = redis.call('HMGET', base .. ':r:' .. id, 'y', 'o')
  for _, state in ipairs({'waiting', 'running', 'succeeded', 'failed', 'cancelled', 'expired'}) do
    for rank = 0, 2 do redis.call('ZREM', base .. ':state:' .. state .. ':' .. rank, id) end
    redis.call('ZREM', base .. ':due:' .. state, id)
  end
  for _, name in ipairs({'ready', 'deadlines', 'dead', 'notices', 'ends'}) do redis.call('ZREM', base .. ':' .. name, id) end
  if row[2] and row[2] ~= '' then redis.call('ZREM', base .. ':ended-of:' .. row[2], id) end
  if row[1] and redis.call('HGET', base .. ':keys', row[1]) == id then redis.call('HDEL', base .. ':keys', row[1]) end
end`;

/** ARGV: ended before, how many at most. */
export const PURGE = `${LEAVE_ALL}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1] .. ':ends', '-inf', '(' .. ARGV[1], 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do
  leaveAll(KEYS[1], id)
  redis.call('DEL', KEYS[1] .. ':r:' .. id)
end
return #ids`;

/** ARGV: id, problem. */
export const SET_ASIDE = `${LEAVE_ALL}
leaveAll(KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1] .. ':corrupt', ARGV[1], ARGV[2])
return 1`;

/** ARGV: who asks, milliseconds (0: lets go). Gives 1 to whoever holds it now. */
export const HOLD_NOTICES = `
local desk = KEYS[1] .. ':notice-desk'
local holder = redis.call('GET', desk)
if holder and holder ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then redis.call('DEL', desk) else redis.call('SET', desk, ARGV[1], 'PX', ARGV[2]) end
return 1`;

/** ARGV: id of a key, what only that key opens. Gives what was there first. */
export const KEY_CHECK = `
redis.call('HSETNX', KEYS[1] .. ':key-checks', ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1] .. ':key-checks', ARGV[1])`;
