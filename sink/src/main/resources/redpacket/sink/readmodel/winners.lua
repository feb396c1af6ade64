-- Tells what has been won of a packet so far.
-- KEYS  the packet's bucket of each day on which it may have been won, the newest first (hashes)
-- ARGV  packet, shares, since when winners are of this packet and not of one that had the id before (milliseconds), how many shares to
--       look at over the whole packet, and again as many around the last winner
-- Returns how many have won; 1, or 0 where one of those is missing; and where somebody won, the last winner and the luckiest.
local packet, shares, sinceMillis, looks = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local days = {}
for day = 1, #KEYS do
  if redis.call('EXISTS', KEYS[day]) == 1 then days[#days + 1] = KEYS[day] end
end

-- Of these shares, by their places: who has them; nil where nobody does.
local function winners(indices)
  local fields, found = {}, {}
  for i = 1, #indices do fields[i] = packet .. '/' .. indices[i] end
  for day = 1, #days do
    local entries = redis.call('HMGET', days[day], unpack(fields))
    for i = 1, #fields do
      local entry = entries[i]
      if entry and (sinceMillis == 0 or tonumber(string.match(entry, '^%S+ %S+ %d+ (%d+)')) >= sinceMillis) then
        found[i] = entry
      end
    end
  end
  return found
end

-- Shares go from 0 on: up to the last one that somebody has, somebody must have each.
local last, entry, whole = -1, nil, 1
local function look(first, stop, step)
  local indices = {}
  for index = first, stop - 1, step do indices[#indices + 1] = index end
  if #indices == 0 then return end
  local found, none = winners(indices), false
  for i = 1, #indices do
    if not found[i] then
      none = true
    else
      last, entry = indices[i], found[i]
      if none then whole = 0 end
    end
  end
end

local step = math.ceil(shares / looks)
look(0, shares, step)
if last >= 0 then look(last + 1, math.min(shares, last + step), 1) end
if last < 0 then return {0, 1} end
local luckiest = winners({string.match(entry, '(%d+) %d+$')})[1]
return {last + 1, whole, entry, luckiest or false}
