import { afterEach, expect, it } from '@jest/globals';
import passport from 'passport';
import { PassportName } from '../../../src/access/passport-name.js';
import { inMemoryApp } from '../in-memory-app.js';

afterEach(() => void passport.unuse('unit-jwt'));

const registered = () => ({ ...(Reflect.get(passport, '_strategies') as object) });

it('the strategy has a name in Passport only if the app chose one', () => {
  const before = registered();
  const { accessStrategy } = inMemoryApp();
  new PassportName({ passportName: null }, accessStrategy).onModuleInit();
  expect(registered()).toEqual(before);
  new PassportName({ passportName: 'unit-jwt' }, accessStrategy).onModuleInit();
  expect(registered()).toEqual({ ...before, 'unit-jwt': accessStrategy });
});
