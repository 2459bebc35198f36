/** What the script reads and writes, in the order of its KEYS; in the slot of `FLEET_KEYS`. */
export const BOARD_KEYS = ['shown', 'shown-ends', 'kept', 'leases'] as const;

/**
 * What is large and rarely read, and what holders of leases keep, in one step each. Mirrors `MemoryBoard`; one conformance
 * suite runs over both.
 *
 * ARGV: what to do, and what it takes; texts are never looked into.
 */
export const BOARD_SCRIPT = `
local SHOWN, SHOWN_ENDS, KEPT, LEASES = unpack(KEYS)
local op, name, who, text, number, lease = unpack(ARGV)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local BETWEEN = '\\n'

for _, field in ipairs(redis.call('ZRANGEBYSCORE', SHOWN_ENDS, '-inf', now)) do
  redis.call('ZREM', SHOWN_ENDS, field)
  redis.call('HDEL', SHOWN, field)
end

if op == 'show' then
  local field = name .. BETWEEN .. who
  redis.call('HSET', SHOWN, field, text)
  redis.call('ZADD', SHOWN_ENDS, now + tonumber(number), field)
  return 1
end

if op == 'shown' then
  local begin = name .. BETWEEN
  local found = {}
  for _, field in ipairs(redis.call('ZRANGE', SHOWN_ENDS, 0, -1)) do
    if string.sub(field, 1, #begin) == begin then
      local shown = redis.call('HGET', SHOWN, field)
      if shown then
        found[#found + 1] = string.sub(field, #begin + 1)
        found[#found + 1] = shown
      end
    end
  end
  return found
end

if op == 'leave' then
  local ending = BETWEEN .. who
  for _, field in ipairs(redis.call('ZRANGE', SHOWN_ENDS, 0, -1)) do
    if string.sub(field, -#ending) == ending then
      redis.call('ZREM', SHOWN_ENDS, field)
      redis.call('HDEL', SHOWN, field)
    end
  end
  return 1
end

local kept = redis.call('HGET', KEPT, name)
local revision, body
if kept then revision, body = string.match(kept, '^(%d+) (.*)$') end
if op == 'kept' then return { revision or '', body or '' } end

local untilMs, holder = string.match(redis.call('HGET', LEASES, lease) or '', '^(%d+) (.*)$')
if holder ~= who or tonumber(untilMs) <= now then return 0 end
if revision and tonumber(revision) ~= tonumber(number) then return 0 end
local nextRevision = tonumber(number) + 1
redis.call('HSET', KEPT, name, string.format('%.0f', nextRevision) .. ' ' .. text)
return nextRevision
`;
