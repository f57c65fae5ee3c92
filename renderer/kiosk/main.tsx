/** The kiosk page: fonts, styles, the app. */
import '../shared/fonts.css';
import '../shared/tokens.css';
import '../shared/base.css';
import '../shared/touch.css';
import './frame.css';
import './sell.css';
import './pay.css';
import './book.css';
import './seven-inch.css';
import './phone.css';
import { render } from 'preact';
import { showLanguage } from '../shared/i18n.ts';
import { takePairingCode } from '../shared/pair-view.tsx';
import { followHash } from '../shared/router.ts';
import { showTheme } from '../shared/theme.ts';
import { App } from './app.tsx';

showLanguage();
showTheme();
const code = takePairingCode();
followHash();
const root = document.getElementById('app');
if (root !== null) render(<App code={code} />, root);
