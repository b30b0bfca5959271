import { testGolden } from './golden-files.js';

testGolden('listing-faults');
