import { createExplainer } from '../../mapping/explain.js';
import type { JqEngine } from '../../mapping/engine/engine.js';
import type { MappingResource } from '../../mapping/mapping.js';
import type { RawItem } from '../../model/page.js';
import type { PreviewedResource } from '../../model/preview.js';

/** Maps the items by the resource and tells how. */
export async function explainResource(
  engine: JqEngine,
  resource: MappingResource,
  items: readonly RawItem[],
): Promise<PreviewedResource> {
  const explainer = await createExplainer(engine, resource);
  try {
    return { resource: resource.reference, items: await explainer.explain(items) };
  } finally {
    await explainer.close();
  }
}
