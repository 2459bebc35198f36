/**
 * KEYS: starts of 5 minutes, of hours, spans. ARGV, six for each slot: which key is its span, which are its starts, when it
 * starts, 1 if it is of all replicas, field, value. In a span that is folded, one replica's part is in it already.
 */
export const PUT = `
for at = 1, #ARGV, 6 do
  local span, starts, startMs = KEYS[tonumber(ARGV[at])], KEYS[tonumber(ARGV[at + 1])], ARGV[at + 2]
  if ARGV[at + 3] == '1' or redis.call('HEXISTS', span, 'folded') == 0 then
    redis.call('HSET', span, ARGV[at + 4], ARGV[at + 5])
    redis.call('ZADD', starts, startMs, startMs)
  end
end
return 1
`;

/** KEYS: starts, spans. ARGV: the start of each span. */
export const REMOVE = `
local removed = 0
for at, startMs in ipairs(ARGV) do
  local span = KEYS[at + 1]
  removed = removed + redis.call('HLEN', span) - redis.call('HEXISTS', span, 'folded')
  redis.call('UNLINK', span)
  redis.call('ZREM', KEYS[1], startMs)
end
return removed
`;

/**
 * KEYS: starts of 5 minutes, of hours, the twelve spans of 5 minutes, the hour. ARGV, for each span: how many slots it had
 * when it was read, when it starts, how many it has now, and their fields and values. All of it, or nothing.
 */
export const FOLD = `
local wishes, at = {}, 1
for span = 3, #KEYS do
  local count = tonumber(ARGV[at + 2])
  local wish = { key = KEYS[span], startMs = ARGV[at + 1], from = at + 3, count = count }
  local has = redis.call('HLEN', wish.key) - redis.call('HEXISTS', wish.key, 'folded')
  if has ~= tonumber(ARGV[at]) then return 0 end
  wishes[#wishes + 1] = wish
  at = at + 3 + 2 * count
end
for number, wish in ipairs(wishes) do
  local starts = number == #wishes and KEYS[2] or KEYS[1]
  redis.call('DEL', wish.key)
  redis.call('HSET', wish.key, 'folded', '1')
  redis.call('ZADD', starts, wish.startMs, wish.startMs)
  for field = wish.from, wish.from + 2 * wish.count - 2, 2 do
    redis.call('HSET', wish.key, ARGV[field], ARGV[field + 1])
  end
end
return 1
`;
