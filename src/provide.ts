import type { FactoryProvider, InjectionToken } from '@nestjs/common';

/** A provider that a function makes of what is under other tokens. */
export function provide<T>(
  token: InjectionToken<T>,
  inject: FactoryProvider['inject'],
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever the tokens stand for
  useFactory: (...injected: any[]) => T | null,
): FactoryProvider<T | null> {
  return { provide: token, inject: inject ?? [], useFactory };
}
