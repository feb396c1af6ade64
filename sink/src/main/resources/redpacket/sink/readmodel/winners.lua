-- Finds the last and the luckiest winner of a packet, and detects missing winners.
-- KEYS  the bucket of the packet on each day on which its shares may have been won, newest first (hashes)
-- ARGV  packet id, number of shares, the time from which on winners belong to this packet and not to a forgotten one
--       with the same id (milliseconds), number of shares to check in the whole packet
-- Returns the number of winners; 1 if no winner is missing among the checked shares, else 0; and if there is a winner,
-- the entries of the last one and of the luckiest one.
local packet, shares, sinceMillis, checked = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local days = {}
for day = 1, #KEYS do
  if redis.call('EXISTS', KEYS[day]) == 1 then days[#days + 1] = KEYS[day] end
end

-- Returns the entries of the winners of these shares, nil for a share without a winner.
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

-- Shares are awarded from index 0 upwards, so every share before the last winner's must have a winner.
local last, entry, whole = -1, nil, 1
local function check(first, stop, step)
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

-- First every step-th share, then each share after the last winner found, to find the exact last winner.
local step = math.ceil(shares / checked)
check(0, shares, step)
if last >= 0 then check(last + 1, math.min(shares, last + step), 1) end
if last < 0 then return {0, 1} end
local luckiest = winners({string.match(entry, '^%S+ %S+ %d+ %d+ %d+ %d+ (%d+) %d+')})[1]
return {last + 1, whole, entry, luckiest or false}
