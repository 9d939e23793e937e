/** Nest calls the first of a provider's factory's result, as of a promise's, and the others in the app's life. */
const READ_BY_NEST: readonly PropertyKey[] = [
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
];

/**
 * Hides the hooks of an object that the app brought, since Nest calls the hooks of every provider. The object may be a
 * provider of the app too, where Nest calls them: they would run twice. A proxy that has a method for every name would
 * pass for a promise, and the boot would wait for it without end.
 */
export function withoutHooks<T>(brought: T): T {
  if (typeof brought !== 'object' || brought === null) return brought;
  if (READ_BY_NEST.every((name) => Reflect.get(brought, name) === undefined)) return brought;
  const hidden = (hiddenOf.get(brought) as T | undefined) ?? hidingHooks(brought);
  hiddenOf.set(brought, hidden as object);
  return hidden;
}

/** One for each, so that two modules that get the same object see that it is the same. */
const hiddenOf = new WeakMap<object, object>();

function hidingHooks<T extends object>(brought: T): T {
  return new Proxy(brought, {
    get(target, name) {
      if (READ_BY_NEST.includes(name)) return undefined;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
