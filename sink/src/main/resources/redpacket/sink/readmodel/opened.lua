-- Notes that packets were opened.
-- KEYS  of each packet: view (hash)
-- ARGV  milliseconds to keep an open packet; then of each packet: how many values follow, names and values of the view's fields, the
--       time of its opening first
local function open(view, first, last)
  local held = redis.call('HMGET', view, 'openedAtMillis', 'deadlineMillis', 'closedAtMillis')
  if held[1] == ARGV[first + 1] then return end -- The same is told again.
  if held[1] or held[3] then
    -- The id was forgotten and is used again. Who won of the packet before grabbed before its deadline.
    redis.call('HDEL', view, 'incomplete', 'closedAtMillis', 'awardedShares', 'awardedCents', 'refundedCents',
        'luckiestUser', 'luckiestIndex', 'luckiestCents', 'seed')
    redis.call('HSET', view, 'winnersSinceMillis', held[2] or 0)
  end
  redis.call('HSET', view, unpack(ARGV, first, last))
  redis.call('PEXPIRE', view, ARGV[1])
end

local at = 2
for packet = 1, #KEYS do
  local last = at + tonumber(ARGV[at])
  open(KEYS[packet], at + 1, last)
  at = last + 1
end
return 1
