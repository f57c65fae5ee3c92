/** The sample shop's catalogue: what a fresh village sells. Prices are minor units of NPR (paisa). */
import type { CatalogueItemBody } from '../api/schemas.ts';

type Row = readonly [id: string, en: string, ne: string, unitEn: string, unitNe: string, price: number, category: string, icon: string];

const ROWS: readonly Row[] = [
  ['jira-rice', 'Jira rice', 'जिरा चामल', '1 kg', '१ केजी', 11000, 'grain', 'wheat'],
  ['red-lentils', 'Red lentils', 'मुसुरो दाल', '1 kg', '१ केजी', 18000, 'grain', 'bean'],
  ['noodles', 'Noodles', 'चाउचाउ', '75 g', '७५ ग्राम', 2500, 'snack', 'soup'],
  ['biscuits', 'Biscuits', 'बिस्कुट', '100 g', '१०० ग्राम', 2000, 'snack', 'cookie'],
  ['sugar', 'Sugar', 'चिनी', '1 kg', '१ केजी', 10500, 'tea', 'cup-soda'],
  ['tea-leaves', 'Tea leaves', 'चियापत्ती', '500 g', '५०० ग्राम', 32000, 'tea', 'coffee'],
  ['mustard-oil', 'Mustard oil', 'तोरीको तेल', '1 L', '१ लिटर', 32000, 'oil', 'droplet'],
  ['iodised-salt', 'Iodised salt', 'आयो नुन', '1 kg', '१ केजी', 2800, 'oil', 'shopping-bag'],
  ['washing-soap', 'Washing soap', 'लुगा धुने साबुन', '250 g', '२५० ग्राम', 3500, 'home', 'shirt'],
  ['matches', 'Matches', 'सलाई', '1 box', '१ बट्टा', 500, 'light', 'flame'],
  ['led-bulb', 'LED bulb', 'एलइडी चिम', '9 W', '९ वाट', 18000, 'light', 'lightbulb'],
  ['torch-cells', 'Torch cells', 'टर्चको ब्याट्री', '2', '२ वटा', 6000, 'light', 'battery'],
  ['milk', 'Milk', 'दूध', '500 ml', '५०० मिलि', 5000, 'dairy', 'milk'],
  ['eggs', 'Eggs', 'अण्डा', '1 crate', '१ क्रेट', 51000, 'dairy', 'egg'],
  ['exercise-book', 'Exercise book', 'कापी', '100 pages', '१०० पाना', 5500, 'school', 'book'],
  ['beaten-rice', 'Beaten rice', 'चिउरा', '1 kg', '१ केजी', 12000, 'grain', 'wheat'],
];

export const SAMPLE_CATALOGUE: readonly CatalogueItemBody[] = ROWS.map(([id, en, ne, unitEn, unitNe, price, category, icon]) => ({
  id,
  name: { en, ne },
  unit: { en: unitEn, ne: unitNe },
  price: String(price),
  category,
  icon,
}));
