import { testShare } from './sweep-share.ts';

testShare(0);
