-- Begins a new generation of the read model. Readers see it once it is whole.
-- KEYS  progress (hash)
-- ARGV  the previous generation ('' for none), the new generation, layout and ids of the topics,
--       then for each partition: name, first offset, offset at which the generation is whole
-- Returns 1, or 0 if another instance was faster.
local held = redis.call('HMGET', KEYS[1], 'generation', 'topics', 'epoch', 'serving')
if (held[1] or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'generation', ARGV[2], 'topics', ARGV[3])
if held[2] == ARGV[3] then
  -- The topics are the same, so the previous generation is served until the new one is whole.
  redis.call('HSET', KEYS[1], 'epoch', held[3])
  if held[4] then redis.call('HSET', KEYS[1], 'serving', held[4]) end
else
  redis.call('HSET', KEYS[1], 'epoch', ARGV[2])
end
for i = 4, #ARGV, 3 do
  redis.call('HSET', KEYS[1],
      'from:' .. ARGV[i], ARGV[i + 1], 'at:' .. ARGV[i], ARGV[i + 1], 'until:' .. ARGV[i], ARGV[i + 2])
end
return 1
