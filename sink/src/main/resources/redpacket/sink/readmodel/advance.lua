-- Moves the positions of partitions. Everything before the new positions must be written.
-- KEYS  progress (hash)
-- ARGV  generation, then for each partition: name, position that the caller expects ('' for none), new position
-- Returns 1 if the positions are moved. Returns 2 if this also made the generation whole: readers see it from now on.
-- Returns 0, and writes nothing, if another instance has changed the hash or Redis has lost writes.
if redis.call('HGET', KEYS[1], 'generation') ~= ARGV[1] then return 0 end
for i = 2, #ARGV, 3 do
  if (redis.call('HGET', KEYS[1], 'at:' .. ARGV[i]) or '') ~= ARGV[i + 1] then return 0 end
end
for i = 2, #ARGV, 3 do
  redis.call('HSET', KEYS[1], 'at:' .. ARGV[i], ARGV[i + 2])
end
if redis.call('HGET', KEYS[1], 'serving') == ARGV[1] then return 1 end
local progress, held = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #held, 2 do progress[held[i]] = held[i + 1] end
for field, wanted in pairs(progress) do
  local partition = string.match(field, '^until:(.*)')
  if partition and tonumber(progress['at:' .. partition]) < tonumber(wanted) then return 1 end
end
redis.call('HSET', KEYS[1], 'serving', ARGV[1])
return 2
