-- KEYS  a user's awards on each day, the newest day first (sorted sets, all scores 0)
-- ARGV  the least and the largest entry, as ZREVRANGEBYLEX takes them; how many at the most
local page, left = {}, tonumber(ARGV[3])
for day = 1, #KEYS do
  if left == 0 then break end
  local entries = redis.call('ZREVRANGEBYLEX', KEYS[day], ARGV[2], ARGV[1], 'LIMIT', 0, left)
  for i = 1, #entries do page[#page + 1] = entries[i] end
  left = left - #entries
end
return page
