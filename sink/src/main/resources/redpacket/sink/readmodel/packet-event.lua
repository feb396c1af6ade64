-- Adds an event of a packet's life to its view.
-- KEYS  view (hash), winners (list)
-- ARGV  milliseconds to keep the packet from now on, offset of the event, openedAtMillis if it is an opened event or '',
--       then names and values of the view's fields
local view, winners = KEYS[1], KEYS[2]
local held = redis.call('HMGET', view, 'eventsUpTo', 'openedAtMillis', 'deadlineMillis')
if tonumber(ARGV[2]) <= tonumber(held[1] or -1) then return 1 end

local openedAgain = ARGV[3] ~= '' and held[2] == ARGV[3]
if ARGV[3] ~= '' and held[2] and not openedAgain then
  -- The id was forgotten and is used again. The new packet's first awards may have come before this event, which is on
  -- another topic; those of the old one were grabbed before its deadline.
  redis.call('HDEL', view, 'closedAtMillis', 'refundedCents', 'seed', 'campaign')
  local first = redis.call('LINDEX', winners, 0)
  if first and tonumber(string.match(first, '%d+$')) < tonumber(held[3]) then
    redis.call('DEL', winners)
    redis.call('HDEL', view, 'awardedShares', 'awardedCents', 'luckiestCents', 'luckiestIndex', 'luckiestUser', 'incomplete')
  end
end
redis.call('HSET', view, 'eventsUpTo', ARGV[2])
if not openedAgain then
  redis.call('HSET', view, unpack(ARGV, 4))
  redis.call('PEXPIRE', view, ARGV[1])
  redis.call('PEXPIRE', winners, ARGV[1])
end
return 1
