import { readFileSync } from 'node:fs';
import ts from 'typescript';

export interface DeclaredOption {
  /** As an app reaches it: `cookies.refresh.name`. */
  path: string;
  type: string;
  isRequired: boolean;
}

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** Every option that the interfaces declare, to the last leaf; those of nested interfaces under their path. */
export function declaredOptions(name: string): DeclaredOption[] {
  const files = ['options/auth-options.ts', 'auth-module-options.ts', 'databases.ts'].map(parse);
  const interfaces = new Map(
    files.flatMap(({ statements }) =>
      statements.filter(ts.isInterfaceDeclaration).map((each) => [each.name.text, each] as const),
    ),
  );
  return optionsOf(interfaces, name, '');
}

/** The value of a constant of a source file, where it is a literal. */
export function literalConstant(file: string, name: string): Record<string, unknown> {
  for (const statement of parse(file).statements.filter(ts.isVariableStatement)) {
    for (const declaration of statement.declarationList.declarations) {
      if (declaration.name.getText() !== name) continue;
      const value = declaration.initializer!;
      const object =
        ts.isSatisfiesExpression(value) || ts.isAsExpression(value) ? value.expression : value;
      return literal(object) as Record<string, unknown>;
    }
  }
  throw new Error(`${file} has no constant ${name}.`);
}

/** The names that a source file reads from `variables`, the reference app's environment. */
export function variablesRead(file: string): string[] {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'variables') {
      names.add(node.name.text);
    }
    if (ts.isVariableDeclaration(node) && node.initializer?.getText() === 'variables') {
      if (ts.isObjectBindingPattern(node.name)) {
        for (const { propertyName, name } of node.name.elements) {
          names.add((propertyName ?? name).getText());
        }
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(file));
  return [...names];
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
}

function optionsOf(interfaces: Interfaces, name: string, prefix: string): DeclaredOption[] {
  const declaration = interfaces.get(name);
  if (declaration === undefined) return [];
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap((type) => optionsOf(interfaces, type.expression.getText(), prefix)),
  );
  const own = declaration.members.filter(ts.isPropertySignature).flatMap((member) => {
    const path = prefix + member.name.getText();
    const types = unionOf(member.type!).filter((type) => type !== 'undefined');
    const nested = types.flatMap((type) => optionsOf(interfaces, type, `${path}.`));
    // An option that is only an interface is described by its members.
    if (nested.length > 0 && types.length === 1) return nested;
    const isRequired = member.questionToken === undefined;
    return [{ path, type: types.join(' | '), isRequired }, ...nested];
  });
  return [...inherited, ...own];
}

function unionOf(type: ts.TypeNode): string[] {
  return ts.isUnionTypeNode(type) ? type.types.map((each) => each.getText()) : [type.getText()];
}

function literal(node: ts.Expression): unknown {
  if (ts.isObjectLiteralExpression(node)) {
    return Object.fromEntries(
      node.properties
        .filter(ts.isPropertyAssignment)
        .map(({ name, initializer }) => [name.getText(), literal(initializer)]),
    );
  }
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  const keywords: Record<string, unknown> = { true: true, false: false, undefined };
  const text = node.getText();
  if (!(text in keywords)) throw new Error(`"${text}" is not a literal.`);
  return keywords[text];
}
