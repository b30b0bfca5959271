import { testGolden } from './golden-files.js';

testGolden('scopes');
