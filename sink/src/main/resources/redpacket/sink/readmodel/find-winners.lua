-- Finds winners without knowing the day on which they won.
-- KEYS  the bucket of each possible day, newest first (hashes)
-- ARGV  fields of winners
-- Returns the entry for each field, or nil if there is none.
local days, found = {}, {}
for day = 1, #KEYS do
  if redis.call('EXISTS', KEYS[day]) == 1 then days[#days + 1] = KEYS[day] end
end
for i = 1, #ARGV do
  found[i] = false
  for day = 1, #days do
    found[i] = redis.call('HGET', days[day], ARGV[i])
    if found[i] then break end
  end
end
return found
