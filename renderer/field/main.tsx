/** The technician's page: fonts, styles, the app. */
import '../shared/fonts.css';
import '../shared/tokens.css';
import '../shared/base.css';
import '../shared/touch.css';
import './field.css';
import { render } from 'preact';
import { showLanguage } from '../shared/i18n.ts';
import { takePairingCode } from '../shared/pair-view.tsx';
import { showTheme } from '../shared/theme.ts';
import { App } from './app.tsx';

showLanguage();
showTheme();
const root = document.getElementById('app');
if (root !== null) render(<App code={takePairingCode()} />, root);
