-- Adds awards of one packet to its view.
-- KEYS  view (hash), winners (list: the share with index i is at i)
-- ARGV  milliseconds to keep an open packet, and a closed one; index of the first share given;
--       then of each share, one index after the other: offset of its grab, cents, text for the list
-- Returns 1, or 0 if shares before these are missing: then nothing is written.
local view, winners = KEYS[1], KEYS[2]
local held = redis.call('HMGET', view,
    'awardsUpTo', 'awardedShares', 'awardedCents', 'luckiestCents', 'luckiestIndex', 'luckiestUser', 'closedAtMillis', 'incomplete')
local upTo = tonumber(held[1] or -1)

-- A packet's awards come in the order of their grabs, so what is not behind the last one is in the view.
local at, index = 4, tonumber(ARGV[3])
while at <= #ARGV and tonumber(ARGV[at]) <= upTo do
  at, index = at + 3, index + 1
end
if at > #ARGV then return 1 end

local count, cents, luckiestCents = tonumber(held[2] or 0), tonumber(held[3] or 0), tonumber(held[4] or 0)
local luckiestIndex, luckiestUser = held[5], held[6]
if index == 0 then
  -- The first packet of this id, or the id was forgotten and is used again.
  redis.call('DEL', winners)
  redis.call('HDEL', view, 'incomplete')
  count, cents, luckiestCents = 0, 0, 0
elseif held[8] then
  return 1 -- known to be incomplete: only a rebuild mends it
elseif index ~= count or redis.call('LLEN', winners) ~= count then
  return 0
end

local entries = {}
while at <= #ARGV do
  local shareCents = tonumber(ARGV[at + 1])
  cents = cents + shareCents
  if shareCents > luckiestCents then
    luckiestCents, luckiestIndex, luckiestUser = shareCents, count, string.match(ARGV[at + 2], '^%S+')
  end
  entries[#entries + 1] = ARGV[at + 2]
  upTo, count, at = ARGV[at], count + 1, at + 3
end
redis.call('RPUSH', winners, unpack(entries))
redis.call('HSET', view,
    'awardsUpTo', upTo,
    'awardedShares', string.format('%.0f', count),
    'awardedCents', string.format('%.0f', cents),
    'luckiestCents', string.format('%.0f', luckiestCents),
    'luckiestIndex', luckiestIndex,
    'luckiestUser', luckiestUser)
local keep = held[7] and ARGV[2] or ARGV[1]
redis.call('PEXPIRE', view, keep)
redis.call('PEXPIRE', winners, keep)
return 1
