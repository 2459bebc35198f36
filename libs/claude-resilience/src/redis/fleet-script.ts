/** What the script reads and writes, in the order of its KEYS; all in one slot of a cluster. */
export const FLEET_KEYS = [
  'seq',
  'era',
  'members',
  'held',
  'totals',
  'news',
  'news-seq',
  'gone',
  'leases',
  'notes',
  'note-seq',
  'note-ends',
  'sums',
  'sum-ends',
] as const;

/**
 * All that a replica, or a person, does in one step. Sums of what is held are kept beside it, so that a beat costs what
 * this replica wants and what is new, however many others there are. Shares are in millionths, wants in thousandths:
 * whole numbers, so that sums never drift. Mirrors `MemoryFleet` and `fairShare`; one conformance suite runs over both.
 *
 * ARGV: what to do, as JSON; milliseconds of a lease, of being told that somebody is gone, of counters.
 */
export const FLEET_SCRIPT = `
local SEQ, ERA, MEMBERS, HELD, TOTALS, NEWS, NEWS_SEQ, GONE, LEASES, NOTES, NOTE_SEQ, NOTE_ENDS, SUMS, SUM_ENDS = unpack(KEYS)
local wish = cjson.decode(ARGV[1])
local leaseMs, goneMs, sumsMs = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ALL, EVEN, NOISE = 1000000, 0.01, 0.05

local function whole(number) return string.format('%.0f', number + 0) end

local function heldBy(replica)
  local text = redis.call('HGET', HELD, replica)
  if not text then return nil end
  return cjson.decode(text)
end

local function add(limit, share, wants, count)
  redis.call('HINCRBY', TOTALS, 's' .. limit, whole(share))
  redis.call('HINCRBY', TOTALS, 'w' .. limit, whole(wants))
  if redis.call('HINCRBY', TOTALS, 'c' .. limit, count) <= 0 then
    redis.call('HDEL', TOTALS, 's' .. limit, 'w' .. limit, 'c' .. limit)
  end
end

local function release(name, replica)
  local lease = redis.call('HGET', LEASES, name)
  if lease and string.match(lease, '^%d+ (.*)$') == replica then redis.call('HDEL', LEASES, name) end
end

local function forget(replica)
  local held = heldBy(replica)
  if held then
    for limit, part in pairs(held.limits) do add(limit, -part[1], -part[2], -1) end
    for _, name in ipairs(held.leases) do release(name, replica) end
  end
  redis.call('HDEL', HELD, replica)
  redis.call('ZREM', MEMBERS, replica)
  if redis.call('HDEL', NEWS, replica) == 1 then
    redis.call('ZADD', NEWS_SEQ, redis.call('INCR', SEQ), replica)
    redis.call('ZADD', GONE, now + goneMs, replica)
  end
end

for _, replica in ipairs(redis.call('ZRANGEBYSCORE', MEMBERS, '-inf', now)) do forget(replica) end
for _, replica in ipairs(redis.call('ZRANGEBYSCORE', GONE, '-inf', now)) do
  redis.call('ZREM', GONE, replica)
  redis.call('ZREM', NEWS_SEQ, replica)
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', NOTE_ENDS, '-inf', now)) do
  redis.call('ZREM', NOTE_ENDS, name)
  redis.call('ZREM', NOTE_SEQ, name)
  redis.call('HDEL', NOTES, name)
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', SUM_ENDS, '-inf', now)) do
  redis.call('ZREM', SUM_ENDS, name)
  redis.call('HDEL', SUMS, name)
end
if redis.call('ZCARD', MEMBERS) == 0 then redis.call('DEL', TOTALS, HELD) end

if wish.op == 'leave' then
  forget(wish.replica)
  return ''
end

if wish.op == 'note' then
  redis.call('ZADD', NOTE_SEQ, redis.call('INCR', SEQ), wish.name)
  redis.call('ZADD', NOTE_ENDS, now + wish.forMs, wish.name)
  if wish.text then redis.call('HSET', NOTES, wish.name, wish.text) else redis.call('HDEL', NOTES, wish.name) end
  return ''
end

local me = wish.replica
local before = heldBy(me)
local isKnown = before ~= nil
-- What lay in a connection that is gone is worth nothing once a later one has said more.
if isKnown and wish.no and before.no and wish.no <= before.no then return '' end
before = before or { limits = {}, leases = {} }
redis.call('ZADD', MEMBERS, now + leaseMs, me)
if wish.news then
  redis.call('HSET', NEWS, me, wish.news)
  redis.call('ZADD', NEWS_SEQ, redis.call('INCR', SEQ), me)
  redis.call('ZREM', GONE, me)
end

local held = { limits = {}, leases = wish.leases, no = wish.no }
for limit, part in pairs(before.limits) do
  if wish.wants[limit] == nil then add(limit, -part[1], -part[2], -1) end
end
for limit, perSecond in pairs(wish.wants) do
  local part = before.limits[limit] or { 0, 0 }
  local wants = math.floor(perSecond * 1000 + 0.5)
  local sums = redis.call('HMGET', TOTALS, 's' .. limit, 'w' .. limit, 'c' .. limit)
  local others = {
    share = tonumber(sums[1] or 0) - part[1],
    wants = tonumber(sums[2] or 0) - part[2],
    count = tonumber(sums[3] or 0) - (before.limits[limit] and 1 or 0),
  }
  local free = math.max(0, ALL - others.share)
  local all = others.wants + wants
  local byNeed = 1 / (others.count + 1)
  if all > 0 then byNeed = wants / all end
  local fair = math.floor(ALL * (EVEN / (others.count + 1) + (1 - EVEN) * byNeed) + 0.5)
  if fair < part[1] and part[1] - fair < part[1] * NOISE then fair = part[1] end
  local share = math.min(fair, free)
  if not isKnown and wish.holds[limit] then share = math.min(share, math.floor(wish.holds[limit] * ALL + 0.5)) end
  add(limit, share - part[1], wants - part[2], before.limits[limit] and 0 or 1)
  held.limits[limit] = { share, wants }
end

local asked = {}
local holders = {}
for _, name in ipairs(wish.leases) do
  asked[name] = true
  local lease = redis.call('HGET', LEASES, name)
  local untilMs, holder = string.match(lease or '', '^(%d+) (.*)$')
  if not holder or tonumber(untilMs) <= now or holder == me then
    holder = me
    redis.call('HSET', LEASES, name, whole(now + leaseMs) .. ' ' .. me)
  end
  holders[name] = holder
end
for _, name in ipairs(before.leases) do
  if not asked[name] then release(name, me) end
end
redis.call('HSET', HELD, me, cjson.encode(held))

-- Names of counters and of replicas that added to them, side by side.
local function keep(name) redis.call('ZADD', SUM_ENDS, now + sumsMs, name) end
if next(wish.adds) and wish.addsId > tonumber(redis.call('HGET', SUMS, 'i' .. me) or 0) then
  redis.call('HSET', SUMS, 'i' .. me, whole(wish.addsId))
  keep('i' .. me)
  for name, by in pairs(wish.adds) do
    redis.call('HINCRBY', SUMS, 'c' .. name, whole(by))
    keep('c' .. name)
  end
end

local era = redis.call('GET', ERA)
if not era then
  era = whole(now) .. '-' .. me
  redis.call('SET', ERA, era)
end
local seq = tonumber(redis.call('GET', SEQ) or 0)
local from = 0
if string.sub(wish.since, 1, #era + 1) == era .. ':' then from = tonumber(string.sub(wish.since, #era + 2)) or 0 end
if from > seq then from = 0 end

local news = {}
for _, replica in ipairs(redis.call('ZRANGEBYSCORE', NEWS_SEQ, '(' .. whole(from), '+inf')) do
  if replica ~= me then
    local text = redis.call('HGET', NEWS, replica)
    news[#news + 1] = { replica = replica, text = text or nil }
  end
end
local notes = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', NOTE_SEQ, '(' .. whole(from), '+inf')) do
  local text = redis.call('HGET', NOTES, name)
  notes[#notes + 1] = { name = name, text = text or nil }
end
local shares = {}
for limit, part in pairs(held.limits) do shares[limit] = part[1] end
local sums = {}
for _, name in ipairs(wish.sums) do sums[name] = redis.call('HGET', SUMS, 'c' .. name) or '0' end
return cjson.encode({
  upTo = era .. ':' .. whole(seq),
  isWhole = from == 0,
  isKnown = isKnown,
  replicas = redis.call('ZCARD', MEMBERS),
  news = news,
  notes = notes,
  shares = shares,
  leases = holders,
  sums = sums,
})
`;
