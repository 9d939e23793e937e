import { Controller, Get, Post, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { describe, expect, it } from '@jest/globals';
import { AuthController } from '../../../src/http/auth.controller.js';
import { AuthRouteMatcher } from '../../../src/http/auth-route-matcher.js';
import { routesOf } from '../../../src/http/auth-routes.js';
import { mountedController } from '../../../src/http/mounted-controller.js';

/** The routes of the wire contract: to remove or add one must be a decision, and no surprise for clients. */
const CONTRACT = [
  'DELETE sessions/:id revokeSession',
  'GET me me',
  'GET sessions sessions',
  'POST login login',
  'POST logout logout',
  'POST logout-all logoutAll',
  'POST password password',
  'POST refresh refresh',
  'POST register register',
];

const described = (controller: Type) =>
  routesOf(controller)
    .map(({ method, path, name }) => `${RequestMethod[method]} ${path} ${name}`)
    .toSorted();

class Extended extends AuthController {
  @Post(['magic-link', 'email-link'])
  sendLink(): string {
    return 'sent';
  }

  override async logoutAll(): Promise<void> {}

  notARoute(): string {
    return 'nothing';
  }
}

describe('the routes of a controller', () => {
  it('are those of the wire contract, with the names that events give them', () => {
    expect(described(AuthController)).toEqual(CONTRACT);
  });

  it('are all matched', () => {
    const matcher = new AuthRouteMatcher('auth', routesOf(AuthController));
    const methods = Object.getOwnPropertyDescriptors(AuthController.prototype);
    const decorated = Object.values(methods)
      .map(({ value }) => value as object)
      .filter((method) => Reflect.hasMetadata(METHOD_METADATA, method));
    expect(decorated).toHaveLength(CONTRACT.length);
    for (const method of decorated) {
      const path = Reflect.getMetadata(PATH_METADATA, method) as string;
      expect([path, matcher.has(`/auth/${path.replace(':id', '7')}`)]).toEqual([path, true]);
    }
  });

  it('include those that a class adds, and those that it overrides', () => {
    const mounted = mountedController(Extended, 'auth', true);
    expect(described(mounted)).toEqual(
      [...CONTRACT, 'POST email-link sendLink', 'POST magic-link sendLink'].toSorted(),
    );
  });

  it('have no registration where that is off', () => {
    const mounted = mountedController(AuthController, 'auth', false);
    expect(described(mounted)).toEqual(CONTRACT.filter((route) => !route.includes('register')));
  });

  it('can be read from any controller', () => {
    @Controller('else')
    class Elsewhere {
      @Get()
      get(): string {
        return 'here';
      }
    }
    expect(described(Elsewhere)).toEqual(['GET / Elsewhere.get']);
  });
});
