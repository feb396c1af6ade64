-- Adds events of packets' lives to their views.
-- KEYS  of each event: view (hash), winners (hash)
-- ARGV  of each event: milliseconds to keep the packet from now on, offset of the event, how many values follow, names and values
--       of the view's fields; openedAtMillis is the first of an opened event
local function add(view, winners, keepMillis, offset, first, last)
  local held = redis.call('HMGET', view, 'eventsUpTo', 'openedAtMillis', 'deadlineMillis')
  if tonumber(offset) <= tonumber(held[1] or -1) then return end

  local opened = ARGV[first] == 'openedAtMillis'
  local openedAgain = opened and held[2] == ARGV[first + 1]
  if opened and held[2] and not openedAgain then
    -- The id was forgotten and is used again. The new packet's first awards may have come before this event, which is on
    -- another topic; those of the old one were grabbed before its deadline.
    redis.call('HDEL', view, 'campaign', 'closedAtMillis', 'awardedShares', 'awardedCents', 'refundedCents',
        'luckiestUser', 'luckiestIndex', 'luckiestCents', 'seed')
    local winner = redis.call('HGET', winners, '0')
    if winner and tonumber(string.match(winner, '^%S+ %S+ %d+ (%d+)')) < tonumber(held[3]) then
      redis.call('DEL', winners)
      redis.call('HDEL', view, 'incomplete')
    end
  end
  if openedAgain then
    redis.call('HSET', view, 'eventsUpTo', offset)
  else
    redis.call('HSET', view, 'eventsUpTo', offset, unpack(ARGV, first, last))
    redis.call('PEXPIRE', view, keepMillis)
    redis.call('PEXPIRE', winners, keepMillis)
  end
end

local at = 1
for event = 1, #KEYS / 2 do
  local first, last = at + 3, at + 2 + tonumber(ARGV[at + 2])
  add(KEYS[2 * event - 1], KEYS[2 * event], ARGV[at], ARGV[at + 1], first, last)
  at = last + 1
end
return 1
