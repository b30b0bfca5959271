import { portAddress } from '../address.js';
import { setting, wholeSecret } from '../declaration.js';
import { oneOf, token } from '../values.js';

/** Port's own default region. */
const EUROPE = 'https://api.getport.io';

/** Port's API by region. */
export const REGION_ADDRESSES = { eu: EUROPE, us: 'https://api.us.getport.io' } as const;

/** Who we are to Port, and where it is. */
export const portSettings = {
  clientId: setting({
    name: 'port.clientId',
    description: 'Client id of the Port credentials.',
    variables: ['PORT_CLIENT_ID'],
    pastedKeys: ['portClientId'],
    schema: token,
    default: null,
    secret: wholeSecret,
  }),

  clientSecret: setting({
    name: 'port.clientSecret',
    description: 'Client secret of the Port credentials.',
    variables: ['PORT_CLIENT_SECRET'],
    pastedKeys: ['portClientSecret'],
    schema: token,
    default: null,
    secret: wholeSecret,
  }),

  baseUrl: setting({
    name: 'port.baseUrl',
    description: 'Address of the Port API, with or without /v1.',
    variables: ['PORT_BASE_URL', 'PORT_API_URL'],
    pastedKeys: ['portBaseUrl'],
    schema: portAddress,
    default: EUROPE,
  }),

  region: setting({
    name: 'port.region',
    description: 'Region of the Port account, instead of its address: eu or us.',
    flag: { name: '--port-region', argument: '<region>', description: 'eu or us' },
    pastedKeys: ['portRegion'],
    schema: oneOf(['eu', 'us']),
    default: null,
    defaultWords: 'eu',
  }),
};
