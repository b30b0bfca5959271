import { stringify } from 'yaml';
import { isJsonArray, isJsonObject, type JsonValue } from '../../model/json.js';

/** A mapping as YAML. Long lines stay whole: a jq expression reads best on one. */
export function mappingYaml(value: JsonValue): string {
  return stringify(value, { lineWidth: 0 });
}

/**
 * The value with its keys in the order in which `model` has them, those that it lacks last: where two
 * mappings differ in nothing but order, their YAML does not differ.
 */
export function inOrderOf(value: JsonValue, model: JsonValue | undefined): JsonValue {
  if (isJsonArray(value)) {
    const members = isJsonArray(model) ? model : [];
    return value.map((member, index) => inOrderOf(member, members[index]));
  }
  if (!isJsonObject(value)) return value;
  const order = isJsonObject(model) ? model : {};
  const keys = [
    ...Object.keys(order).filter((key) => Object.hasOwn(value, key)),
    ...Object.keys(value).filter((key) => !Object.hasOwn(order, key)),
  ];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      inOrderOf(value[key] ?? null, Object.hasOwn(order, key) ? order[key] : undefined),
    ]),
  );
}
