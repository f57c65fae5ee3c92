/** What a village is made of: its sites, and how their processes are started. */
import { fileURLToPath } from 'node:url';

export type SitePlan = { readonly gateway: string; readonly site: { readonly en: string; readonly ne: string } };

/** Real places of Rasuwa and beyond, in the order in which a village takes them. */
const SITES: readonly SitePlan[] = [
  { gateway: 'syabru', site: { en: 'Syabru', ne: 'स्याब्रु' } },
  { gateway: 'gatlang', site: { en: 'Gatlang', ne: 'गत्लाङ' } },
  { gateway: 'briddim', site: { en: 'Briddim', ne: 'ब्रिद्दिम' } },
  { gateway: 'thangpal', site: { en: 'Thangpal', ne: 'थाङपाल' } },
  { gateway: 'tipling', site: { en: 'Tipling', ne: 'तिप्लिङ' } },
  { gateway: 'helambu', site: { en: 'Helambu', ne: 'हेलम्बु' } },
  { gateway: 'langtang', site: { en: 'Langtang', ne: 'लाङटाङ' } },
  { gateway: 'chautara', site: { en: 'Chautara', ne: 'चौतारा' } },
];

export const MAX_GATEWAYS = 32;

export function sitePlans(count: number): readonly SitePlan[] {
  return Array.from({ length: count }, (_unused, index) => {
    const known = SITES[index];
    if (known !== undefined) return known;
    const name = `site-${index + 1}`;
    return { gateway: name, site: { en: name, ne: name } };
  });
}

/** The `chautari` command, as arguments of `node`. */
export const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

export type CustomerPlan = { readonly id: string; readonly name: string; readonly opening: string };

/** The customers that a fresh village has, the same names in each shop and other ids. Minor units. */
export function sampleCustomers(siteIndex: number): readonly CustomerPlan[] {
  const base = 1000 + siteIndex * 100;
  return [
    { id: `wallet:W-${base + 42}`, name: 'Kamala Thapa', opening: '245000' },
    { id: `wallet:W-${base + 43}`, name: 'Dawa Sherpa', opening: '80000' },
    { id: `wallet:W-${base + 44}`, name: 'Pasang Tamang', opening: '1250000' },
    { id: `wallet:W-${base + 45}`, name: 'Sita Gurung', opening: '36550' },
    { id: `wallet:W-${base + 46}`, name: 'Hari Bahadur Ghale', opening: '0' },
    { id: `wallet:W-${base + 47}`, name: 'Maya Lama', opening: '512075' },
  ];
}

export type KhataPlan = { readonly id: string; readonly name: string; readonly limit: string };

/** Who may buy on credit in a fresh village: two who have a wallet too, under the same card, and one who has not. Minor units. */
export function sampleKhata(siteIndex: number): readonly KhataPlan[] {
  const base = 1000 + siteIndex * 100;
  return [
    { id: `khata:W-${base + 42}`, name: 'Kamala Thapa', limit: '500000' },
    { id: `khata:W-${base + 45}`, name: 'Sita Gurung', limit: '200000' },
    { id: `khata:K-${base + 7}`, name: 'Nima Dolma', limit: '1000000' },
  ];
}

/** Vouchers to try, which head office opened with their value: without terms, and without a payment. Real codes are made by chance. */
export function sampleVouchers(siteIndex: number): readonly { readonly id: string; readonly opening: string }[] {
  const base = 1000 + siteIndex * 100;
  return [
    { id: `voucher:SAMP-${base + 42}-0001`, opening: '50000' },
    { id: `voucher:SAMP-${base + 42}-0002`, opening: '20000' },
  ];
}

/** The shop's float at head office in a fresh village: Rs 50,000.00. */
export const SAMPLE_FLOAT = '5000000';
