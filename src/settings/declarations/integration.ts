import { z } from 'zod';
import { setting } from '../declaration.js';
import { identifier, text, truth } from '../values.js';

const MAPPING_RULE = 'must be a file name or a mapping with resources';

/** The integration in Port, and what it brings along. */
export const integrationSettings = {
  identifier: setting({
    name: 'integration.identifier',
    description: 'Identifier of the integration in Port that owns the entities.',
    variables: ['PORT_INTEGRATION_IDENTIFIER'],
    pastedKeys: ['identifier'],
    schema: identifier,
    default: null,
    defaultWords: 'my-<type>-integration',
  }),

  initializePortResources: setting({
    name: 'initializePortResources',
    description: 'Whether missing default blueprints are created on the first run.',
    variables: ['INITIALIZE_PORT_RESOURCES'],
    schema: truth,
    default: true,
  }),

  sendRawDataExamples: setting({
    name: 'sendRawDataExamples',
    description: 'Whether a few raw items of each kind are sent to Port, to test mappings on.',
    variables: ['SEND_RAW_DATA_EXAMPLES'],
    schema: truth,
    default: true,
  }),

  mapping: setting({
    name: 'mapping',
    description: 'Mapping: a file, or the mapping itself.',
    flag: { name: '--mapping', argument: '<file>', description: 'mapping, a YAML file' },
    schema: z.union([text, z.record(z.string(), z.json())], MAPPING_RULE),
    default: null,
    defaultWords: "the integration's in Port, else built-in",
  }),
};
