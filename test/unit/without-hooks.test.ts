import { describe, expect, it } from '@jest/globals';
import { withoutHooks } from '../../src/without-hooks.js';

const HOOKS = [
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
] as const;

class Base {
  read(): string {
    return 'read';
  }

  onModuleDestroy(): void {}
}

class Users extends Base {
  readonly #names = ['ada'];
  visits = 0;

  findById(id: number): string | undefined {
    this.visits += 1;
    return this.#names[id];
  }
}

describe('an object of the app’s as a provider of the module', () => {
  it.each(HOOKS)('has no %s that Nest could call a second time', (hook) => {
    let calls = 0;
    const brought = { [hook]: () => void (calls += 1), now: () => 1 };
    expect(Reflect.get(withoutHooks(brought), hook)).toBeUndefined();
    brought[hook]!();
    expect(calls).toBe(1);
  });

  it('hides hooks that a class inherits', () => {
    expect(Reflect.get(withoutHooks(new Users()), 'onModuleDestroy')).toBeUndefined();
  });

  it('calls its methods as before, with private fields, and inherited ones', () => {
    const users = new Users();
    const seen = withoutHooks(users);
    expect([seen.findById(0), seen.read(), seen.visits]).toEqual(['ada', 'read', 1]);
    expect(users.visits).toBe(1);
  });

  it('is still an instance of its class', () => {
    expect(withoutHooks(new Users())).toBeInstanceOf(Users);
  });

  it('sees a method that is replaced later, such as a spy', () => {
    const users = new Users();
    const seen = withoutHooks(users);
    users.findById = () => 'eve';
    expect(seen.findById(0)).toBe('eve');
  });

  it('is no promise, even if it has a method for every name', async () => {
    const answersAll = new Proxy({}, { get: () => () => 'anything' });
    const seen = withoutHooks(answersAll as { then?: unknown; now(): string });
    expect(seen.then).toBeUndefined();
    expect((await seen).now()).toBe('anything');
  });

  it('is one object, however many modules get it', () => {
    const users = new Users();
    expect(withoutHooks(users)).toBe(withoutHooks(users));
  });

  it('is the object itself where there is nothing to hide', () => {
    const clock = { now: () => 1 };
    expect(withoutHooks(clock)).toBe(clock);
  });

  it.each([[undefined], [null], [() => {}], ['text']])('is %p as it is', (value) => {
    expect(withoutHooks(value)).toBe(value);
  });
});
