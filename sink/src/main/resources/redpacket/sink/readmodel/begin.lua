-- Begins a new generation of the read model, which is served once it is whole.
-- KEYS  progress (hash)
-- ARGV  the generation that it follows ('' for none), the new generation, ids of the topics,
--       then of each partition: name, first offset, offset at which the generation is whole
-- Returns 1, or 0 if another instance was faster.
local held = redis.call('HMGET', KEYS[1], 'generation', 'topics', 'epoch', 'serving')
if (held[1] or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'topics', ARGV[3])
if held[2] == ARGV[3] then
  -- The same topics: until the new generation is whole, the old one is right, only older.
  redis.call('HSET', KEYS[1], 'epoch', held[3])
  if held[4] then redis.call('HSET', KEYS[1], 'serving', held[4]) end
else
  redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
end
for i = 4, #ARGV, 3 do
  redis.call('HSET', KEYS[1], 'from:' .. ARGV[i], ARGV[i + 1], 'at:' .. ARGV[i], ARGV[i + 1], 'until:' .. ARGV[i], ARGV[i + 2])
end
return 1
