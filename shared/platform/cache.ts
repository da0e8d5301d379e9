/** Values by key. The `most` that were made last are kept; a promise that fails is not. */
export function createCache<Key, Value>(most: number): (key: Key, make: () => Value) => Value {
  const known = new Map<Key, Value>();
  return (key, make) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = make();
    if (known.size >= most) known.delete(known.keys().next().value as Key);
    known.set(key, value);
    if (value instanceof Promise) value.catch(() => known.delete(key));
    return value;
  };
}
