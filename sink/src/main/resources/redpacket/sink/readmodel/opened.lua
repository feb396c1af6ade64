-- Writes the openings of packets.
-- KEYS  for each packet: its view (hash)
-- ARGV  how long to keep an open packet (milliseconds), then for each packet: the number of arguments that follow for
--       it, then names and values of the fields. The first field must be openedAtMillis.
local function open(view, first, last)
  local held = redis.call('HMGET', view, 'openedAtMillis', 'deadlineMillis', 'closedAtMillis')
  -- The same opening was written before.
  if held[1] == ARGV[first + 1] then return end
  if held[1] or held[3] then
    -- The packet id was forgotten and is used again. The winners of the old packet grabbed before the old deadline.
    redis.call('HDEL', view, 'incomplete', 'closedAtMillis', 'awardedShares', 'awardedCents', 'refundedCents',
        'luckiestUser', 'luckiestIndex', 'luckiestCents', 'seed',
        'startsAtMillis', 'minCents', 'maxCents', 'prizes', 'onlyUsers', 'currency', 'title')
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
