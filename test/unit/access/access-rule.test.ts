import { applyDecorators } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { accessRule } from '../../../src/access/access-rule.js';
import { refuseContradictions } from '../../../src/access/decorator-checks.js';
import { Public } from '../../../src/access/public.decorator.js';
import { Roles } from '../../../src/access/roles.decorator.js';

const noRoles = Roles(...([] as unknown as [string]));
const Both = () => applyDecorators(Public(), Roles('admin'));

@Public()
class Park {
  bench() {}

  @Roles('gardener')
  shed() {}

  @Public(false)
  gate() {}
}

@Roles('owner')
class House {
  room() {}

  @Public()
  doorstep() {}

  @Public(false)
  cellar() {}
}

@Roles('owner')
class Garden extends Park {}

class Allotment extends Park {}

@Public()
class Museum extends House {}

describe('whom the decorators let in:', () => {
  it.each([
    [Park, 'bench', true, null],
    [Park, 'shed', false, ['gardener']],
    [Park, 'gate', false, null],
    [House, 'room', false, ['owner']],
    [House, 'doorstep', true, null],
    [House, 'cellar', false, ['owner']],
    [Garden, 'bench', false, ['owner']],
    [Garden, 'shed', false, ['gardener']],
    [Garden, 'gate', false, ['owner']],
    [Allotment, 'bench', true, null],
    [Allotment, 'shed', false, ['gardener']],
    [Museum, 'room', true, null],
    [Museum, 'doorstep', true, null],
    [Museum, 'cellar', false, ['owner']],
  ])('%p.%s: everybody %s, roles %j', (controller, method, isPublic, roles) => {
    const handler = (controller.prototype as unknown as Record<string, object>)[method]!;
    for (let i = 0; i < 2; i += 1) {
      expect(accessRule(handler, controller)).toEqual({ isPublic, roles });
    }
  });
});

describe('decorators that contradict', () => {
  it('stop the boot, by the name of what they stand on', () => {
    class OnMethod {
      @Public()
      @Roles('admin')
      safe() {}
    }
    @Both()
    class OnClass {
      desk() {}
    }
    class Inherited extends OnMethod {}
    class WithoutRole {
      @noRoles
      safe() {}
    }
    class WithOddRole {
      @Roles(undefined as unknown as string)
      safe() {}
    }
    for (const [controller, sentence] of [
      [OnMethod, 'OnMethod.safe has both @Public() and @Roles()'],
      [OnClass, 'OnClass has both @Public() and @Roles()'],
      [Inherited, 'OnMethod.safe has both'],
      [WithoutRole, 'WithoutRole.safe has @Roles() without a role'],
      [WithOddRole, 'WithOddRole.safe has @Roles() without a role'],
    ] as const) {
      expect(() => refuseContradictions(controller)).toThrow(sentence);
    }
  });

  it('close rather than open, where nobody looked at boot', () => {
    class OnMethod {
      @Both()
      safe() {}
    }
    expect(accessRule(OnMethod.prototype.safe, OnMethod)).toEqual({
      isPublic: false,
      roles: ['admin'],
    });
  });

  it('are not those on two levels, nor @Public(false)', () => {
    class Closed {
      @Public(false)
      @Roles('admin')
      safe() {}

      get odd(): never {
        throw new Error('not to be read');
      }
    }
    for (const controller of [Park, House, Garden, Museum, Closed]) {
      expect(() => refuseContradictions(controller)).not.toThrow();
    }
  });
});
