-- Returns n shares from the cursor on, separated by blanks. Repeating it returns the same.
-- Returns an empty string when it has moved as many shares as it may at once: ask again.
-- Returns nil when the queue is not whole and no shares are given to fill it.
-- KEYS shares, popped   ARGV cursor, n, total, step, expiresAtMillis, [all shares in order]
local shares, popped = KEYS[1], KEYS[2]
local cursor, n, total, step, expiresAtMillis =
  tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local GIVEN = 5 -- the arguments before the shares

-- A key that holds anything but a list makes the queue not whole.
local function length(key)
  local found = redis.pcall('LLEN', key)
  return type(found) == 'number' and found or -math.huge
end

-- Lua's stack takes fewer than 8,000 values at a time.
local function push(key, values, first, last)
  for from = first, last, 5000 do
    redis.call('RPUSH', key, unpack(values, from, math.min(from + 4999, last)))
  end
end

local done = length(popped)
if length(shares) + done ~= total then
  if #ARGV == GIVEN then return false end
  -- Only if there is something: after this, Redis would no longer refuse the push when its memory is full.
  if redis.call('EXISTS', shares, popped) > 0 then redis.call('UNLINK', shares, popped) end
  push(shares, ARGV, GIVEN + 1, GIVEN + total)
  redis.call('PEXPIREAT', shares, expiresAtMillis)
  done = 0
end

local missing = cursor + n - done
if missing > 0 then
  local moved = math.min(missing, step)
  local head = redis.call('LRANGE', shares, 0, moved - 1)
  -- Taken before given: so a pop, which needs no memory, goes on when the memory is full.
  redis.call('LTRIM', shares, moved, -1)
  push(popped, head, 1, moved)
  if done == 0 then redis.call('PEXPIREAT', popped, expiresAtMillis) end
  if moved < missing then return '' end
end
return table.concat(redis.call('LRANGE', popped, cursor, cursor + n - 1), ' ')
