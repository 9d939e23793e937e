import type { Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Public } from '../../../src/access/public.decorator.js';
import { Roles } from '../../../src/access/roles.decorator.js';
import { RolesGuard } from '../../../src/access/roles.guard.js';
import { inMemoryApp } from '../in-memory-app.js';
import { contextOf, requestWithoutToken } from './handler-context.js';

class Office {
  desk() {}

  @Roles('owner', 'auditor')
  safe() {}
}

@Roles('admin')
class Headquarters {
  desk() {}

  @Roles('owner')
  safe() {}

  @Public()
  lobby() {}
}

const check = (controller: Type, method: string, user: unknown) =>
  new RolesGuard(new Reflector()).canActivate(
    contextOf(controller, method, { ...requestWithoutToken(), user }),
  );

function isLetIn(...args: Parameters<typeof check>): boolean {
  try {
    return check(...args);
  } catch {
    return false;
  }
}

describe('roles', () => {
  it.each<[Type, string, unknown, boolean]>([
    [Office, 'desk', undefined, true],
    [Office, 'safe', { roles: ['owner'] }, true],
    [Office, 'safe', { roles: ['guest', 'auditor'] }, true],
    [Office, 'safe', { roles: ['guest'] }, false],
    [Office, 'safe', { roles: [] }, false],
    [Office, 'safe', { roles: 'owner' }, false],
    [Office, 'safe', {}, false],
    [Office, 'safe', undefined, false],
    [Headquarters, 'desk', { roles: ['admin'] }, true],
    [Headquarters, 'desk', { roles: ['owner'] }, false],
    [Headquarters, 'safe', { roles: ['admin'] }, false],
    [Headquarters, 'safe', { roles: ['owner'] }, true],
    [Headquarters, 'lobby', undefined, true],
  ])('of %p: %s is open to %j: %s', (controller, method, user, isOpen) => {
    expect(isLetIn(controller, method, user)).toBe(isOpen);
  });

  it('that are missing are named', () => {
    expect(() => check(Office, 'safe', undefined)).toThrow(
      expect.objectContaining({
        code: 'insufficient_role',
        message: 'This needs one of the roles: owner, auditor.',
      }),
    );
  });

  it.each([
    ['who', { id: '1', sessionId: 's', roles: ['guest'] }, { userId: '1', sessionId: 's' }],
    ['that nobody', undefined, { userId: null, sessionId: null }],
  ])('that are missing are reported with %s was logged in', (_who, user, subject) => {
    const { refusals, takeEvents } = inMemoryApp();
    const guard = Object.assign(new RolesGuard(new Reflector()), { refusals });
    const request = { ...requestWithoutToken(), ip: '192.0.2.1', user };
    expect(() => guard.canActivate(contextOf(Office, 'safe', request))).toThrow('owner, auditor');
    expect(takeEvents()).toEqual([
      {
        type: 'refused',
        code: 'insufficient_role',
        where: 'Office.safe',
        ...subject,
        username: null,
        suppressed: 0,
        ip: '192.0.2.1',
        userAgent: null,
      },
    ]);
  });
});
