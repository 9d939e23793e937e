export interface Class {
  name?: string;
  prototype?: object;
}

/** What is its own, and not inherited: a function, or null for anything else. Getters are not read. */
export function membersOf(owner: object = {}): [name: string | symbol, method: object | null][] {
  const members = Object.getOwnPropertyDescriptors(owner);
  return Reflect.ownKeys(members)
    .filter((name) => name !== 'constructor')
    .map((name) => {
      const { value } = (members as Record<string | symbol, PropertyDescriptor>)[name]!;
      return [name, typeof value === 'function' ? (value as object) : null];
    });
}

/** A mixin may return a class without a name. */
export function nameOf({ name }: Class): string {
  return name || 'A class without a name';
}
