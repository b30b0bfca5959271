import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { z } from 'zod';

/** The folder of the package that carries the schemas of schemastore.org along. */
const store = path.join(
  path.dirname(createRequire(import.meta.url).resolve('schemastore/package.json')),
  'schemas/json',
);

/**
 * Judges YAML by a published JSON Schema.
 * @param file within the package's folder
 * @param amend brings an old schema up to date where it does not know what we use
 * @param read parses the YAML as the platform does
 */
export function judgeBy(
  file: string,
  amend: (schema: AnySchemaObject) => AnySchemaObject = (schema) => schema,
  read: (text: string) => unknown = (text) => parse(text),
): (text: string) => Promise<readonly string[]> {
  let compiled: Promise<ValidateFunction> | undefined;
  return async (text) => {
    compiled ??= compile(file, amend);
    const validate = await compiled;
    if (validate(read(text))) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '', params }) =>
      [instancePath, message, JSON.stringify(params)].join(' '),
    );
  };
}

async function compile(
  file: string,
  amend: (schema: AnySchemaObject) => AnySchemaObject,
): Promise<ValidateFunction> {
  const schema = z
    .record(z.string(), z.unknown())
    .parse(JSON.parse(await readFile(path.join(store, file), 'utf8')));
  // The schemas are written for editors, with words and formats of their own.
  return new Ajv({
    strict: false,
    validateFormats: false,
    unicodeRegExp: false,
    logger: false,
  }).compile(amend(schema));
}
