/** The receipts of the documentation's pictures: the sale of the kiosk's design, in each language. */
import type { Receipt } from '../ports/receipt.ts';

const sale: Omit<Receipt, 'language'> = {
  action: 'sale',
  siteName: { en: 'Syabru Kirana', ne: 'स्याब्रु किराना पसल' },
  place: { en: 'Syabrubesi, Rasuwa', ne: 'स्याब्रुबेसी, रसुवा' },
  gateway: 'syabru',
  entryNumber: 4917,
  shortCode: '7F3A-91C0-2E4D',
  at: Date.UTC(2026, 4, 22, 8, 47),
  dayBikramSambat: '2083-02-08',
  currency: { code: 'NPR', decimals: 2 },
  lines: [
    { name: { en: 'Jira rice, fine', ne: 'जिरा मसिनो चामल' }, quantity: '5', amountMinor: '55000' },
    { name: { en: 'Mustard oil', ne: 'तोरीको तेल' }, quantity: '1', amountMinor: '32000' },
    { name: { en: 'Sugar', ne: 'चिनी' }, quantity: '1', amountMinor: '10500' },
    { name: { en: 'Washing soap', ne: 'लुगा धुने साबुन' }, quantity: '2', amountMinor: '7000' },
    { name: { en: 'Noodles', ne: 'चाउचाउ' }, quantity: '4', amountMinor: '10000' },
  ],
  totalMinor: '114500',
  tender: 'cash',
  receivedMinor: '150000',
  changeMinor: '35500',
  seal: 'kept',
  copy: 0,
};

export const sampleSale = (language: Receipt['language']): Receipt => ({
  ...sale,
  language,
  operator: language === 'en' ? 'Maya' : 'माया',
});
