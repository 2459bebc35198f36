/** What the scripts read and write, in the order of their KEYS; all in one slot of a cluster. */
export const REVIEW_KEYS = [
  'seq',
  'open',
  'open:unclassified',
  'open:content_policy',
  'resolved',
  'resolved:unclassified',
  'resolved:content_policy',
  'records',
  'inputs',
  'resolutions',
] as const;

/**
 * An item is its number, kind, length of its input and JSON in `records`; its texts are apart, since they can have megabytes.
 * What is open is sorted by number; what is resolved by its time, and its name there begins with its number.
 */
const BEGIN = `
local SEQ, OPEN, _, _, RESOLVED, _, _, RECORDS, INPUTS, RESOLUTIONS = unpack(KEYS)
local SETS = { open = { all = KEYS[2], unclassified = KEYS[3], content_policy = KEYS[4] },
  resolved = { all = KEYS[5], unclassified = KEYS[6], content_policy = KEYS[7] } }

local function about(id)
  local record = redis.call('HGET', RECORDS, id)
  if not record then return nil end
  local seq, kind, length = string.match(record, '^(%d+) (%S+) (%d+) ')
  return { seq = tonumber(seq), kind = kind, length = tonumber(length), record = record }
end

local function row(id, record)
  return { id, record, redis.call('HGET', INPUTS, id) or false, redis.call('HGET', RESOLUTIONS, id) or false }
end

local function placed(seq, id) return string.format('%015d', seq) .. ':' .. id end

local function forget(name)
  local id = string.sub(name, 17)
  for _, set in pairs(SETS.resolved) do redis.call('ZREM', set, name) end
  redis.call('HDEL', RECORDS, id)
  redis.call('HDEL', INPUTS, id)
  redis.call('HDEL', RESOLUTIONS, id)
end

-- One step forgets a hundred of each at most: others wait for it.
local function tidy(beforeMs, most)
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', RESOLVED, '-inf', '(' .. beforeMs, 'LIMIT', 0, 100)) do forget(name) end
  local tooMany = math.min(100, redis.call('ZCARD', RESOLVED) - tonumber(most))
  if tooMany > 0 then
    for _, name in ipairs(redis.call('ZRANGE', RESOLVED, 0, tooMany - 1)) do forget(name) end
  end
end
`;

/** ARGV: id, kind, length of the input, record, input, most that are open, before when to forget, most resolved. */
export const INSERT_REVIEW = `${BEGIN}
local id, kind, length, record, input, mostOpen, beforeMs, mostResolved = unpack(ARGV)
if redis.call('ZCARD', OPEN) >= tonumber(mostOpen) then return 'full' end
local seq = redis.call('INCR', SEQ)
redis.call('HSET', RECORDS, id, string.format('%d', seq) .. ' ' .. kind .. ' ' .. length .. ' ' .. record)
redis.call('HSET', INPUTS, id, input)
redis.call('ZADD', OPEN, seq, id)
if SETS.open[kind] then redis.call('ZADD', SETS.open[kind], seq, id) end
tidy(beforeMs, mostResolved)
return 'added'
`;

/** ARGV: id, when, its resolution, before when to forget, most resolved. */
export const SETTLE_REVIEW = `${BEGIN}
local id, atMs, resolution, beforeMs, mostResolved = unpack(ARGV)
local item = about(id)
if not item or redis.call('ZREM', OPEN, id) == 0 then return false end
if SETS.open[item.kind] then redis.call('ZREM', SETS.open[item.kind], id) end
redis.call('HSET', RESOLUTIONS, id, atMs .. ' ' .. resolution)
local name = placed(item.seq, id)
redis.call('ZADD', RESOLVED, atMs, name)
if SETS.resolved[item.kind] then redis.call('ZADD', SETS.resolved[item.kind], atMs, name) end
local settled = row(id, item.record)
tidy(beforeMs, mostResolved)
return settled
`;

/** ARGV: id. */
export const FIND_REVIEW = `${BEGIN}
local item = about(ARGV[1])
return item and row(ARGV[1], item.record) or false
`;

/** ARGV: state, kind or 'all', limit, after which time and number, characters of input that a page has at most. */
export const SELECT_REVIEWS = `${BEGIN}
local state, kind, limit, afterMs, afterSeq, mostLength = unpack(ARGV)
limit, afterSeq, mostLength = tonumber(limit), tonumber(afterSeq), tonumber(mostLength)
local set = SETS[state][kind]
local ids = {}
if state == 'open' then
  ids = redis.call('ZRANGEBYSCORE', set, '(' .. ARGV[5], '+inf', 'LIMIT', 0, limit + 1)
else
  local offset = 0
  while #ids <= limit do
    local some = redis.call('ZREVRANGEBYSCORE', set, afterMs, '-inf', 'WITHSCORES', 'LIMIT', offset, limit + 1)
    if #some == 0 then break end
    for at = 1, #some, 2 do
      local isBeyond = tonumber(some[at + 1]) < tonumber(afterMs) or tonumber(string.sub(some[at], 1, 15)) < afterSeq
      if isBeyond and #ids <= limit then ids[#ids + 1] = string.sub(some[at], 17) end
    end
    offset = offset + limit + 1
  end
end
local rows, length = {}, 0
for at = 1, math.min(#ids, limit) do
  if length >= mostLength then break end
  local item = about(ids[at])
  if item then
    rows[#rows + 1] = row(ids[at], item.record)
    length = length + item.length
  end
end
return { rows, #rows < #ids and 1 or 0 }
`;

/** For each kind: how many are open, and the record of the first. */
export const COUNT_REVIEWS = `${BEGIN}
local counts = {}
for _, kind in ipairs({ 'unclassified', 'content_policy' }) do
  local first = redis.call('ZRANGE', SETS.open[kind], 0, 0)[1]
  local item = first and about(first)
  counts[#counts + 1] = { kind, redis.call('ZCARD', SETS.open[kind]), item and item.record or false }
end
return counts
`;
