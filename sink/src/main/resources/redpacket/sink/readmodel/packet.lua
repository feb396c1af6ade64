-- KEYS  view (hash)
-- ARGV  names of all its fields but winners: 'shares' and 'winnersSinceMillis' first
-- Returns the values of these fields; how many have won; 1, or 0 where a stretch is missing among them; and where somebody won, the last
-- winner and the luckiest one.
local fields = redis.call('HMGET', KEYS[1], unpack(ARGV))
local sinceMillis = tonumber(fields[2] or 0)

-- None where it is a winner of another packet, which had the id before.
local function winner(index)
  local entry = redis.call('HGET', KEYS[1], index)
  return entry and tonumber(string.match(entry, '^%S+ %S+ %d+ (%d+)')) >= sinceMillis and entry
end

-- Shares go from 0 on, so the first one that nobody has is found by halving.
local won, most = 0, tonumber(fields[1] or 0)
while won < most do
  local middle = math.floor((won + most) / 2)
  if winner(middle) then won = middle + 1 else most = middle end
end

-- Then there is no further field.
local others = 0
for i = 1, #ARGV do
  if fields[i] then others = others + 1 end
end
local whole = (fields[2] or redis.call('HLEN', KEYS[1]) == others + won) and 1 or 0

if won == 0 then return {fields, won, whole} end
local last = winner(won - 1)
return {fields, won, whole, last, redis.call('HGET', KEYS[1], string.match(last, '(%d+) %d+$'))}
