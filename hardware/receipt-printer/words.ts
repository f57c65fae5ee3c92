/**
 * Amounts as digits and in words, in Nepali and English, with the lakh and the crore. Everything stays in bigint minor units: no figure
 * passes through a float. Words exist for rupees only; other currencies have their digits.
 */
import type { ReceiptCurrency } from '../ports/receipt.ts';

export type Spoken = 'en' | 'ne';

const NEPALI_DIGITS = '०१२३४५६७८९';

export const nepaliDigits = (text: string): string => text.replace(/[0-9]/g, (digit) => NEPALI_DIGITS[Number(digit)] ?? digit);

/** `114500` → `1,145.00`; groups of the lakh; a true minus sign. */
export function figures(amountMinor: bigint, currency: ReceiptCurrency, language: Spoken): string {
  const magnitude = (amountMinor < 0n ? -amountMinor : amountMinor).toString().padStart(currency.decimals + 1, '0');
  const cut = magnitude.length - currency.decimals;
  const whole = magnitude.slice(0, cut).replace(/(?<=\d)(?=(\d\d)*\d{3}$)/g, ',');
  const text = `${amountMinor < 0n ? '−' : ''}${whole}${currency.decimals > 0 ? `.${magnitude.slice(cut)}` : ''}`;
  return language === 'ne' ? nepaliDigits(text) : text;
}

// Nepali has a word of its own for every number below a hundred.
const NEPALI_TO_99 = (
  'शून्य एक दुई तीन चार पाँच छ सात आठ नौ ' +
  'दश एघार बाह्र तेह्र चौध पन्ध्र सोह्र सत्र अठार उन्नाइस ' +
  'बीस एक्काइस बाइस तेइस चौबीस पच्चीस छब्बीस सत्ताइस अट्ठाइस उनन्तीस ' +
  'तीस एकतीस बत्तीस तेत्तीस चौंतीस पैंतीस छत्तीस सैंतीस अठतीस उनन्चालीस ' +
  'चालीस एकचालीस बयालीस त्रिचालीस चवालीस पैंतालीस छयालीस सतचालीस अठचालीस उनन्चास ' +
  'पचास एकाउन्न बाउन्न त्रिपन्न चउन्न पचपन्न छपन्न सन्ताउन्न अन्ठाउन्न उनन्साठी ' +
  'साठी एकसट्ठी बयसट्ठी त्रिसट्ठी चौंसट्ठी पैंसट्ठी छयसट्ठी सतसट्ठी अठसट्ठी उनन्सत्तरी ' +
  'सत्तरी एकहत्तर बहत्तर त्रिहत्तर चौहत्तर पचहत्तर छयहत्तर सतहत्तर अठहत्तर उनासी ' +
  'असी एकासी बयासी त्रियासी चौरासी पचासी छयासी सतासी अठासी उनान्नब्बे ' +
  'नब्बे एकान्नब्बे बयान्नब्बे त्रियान्नब्बे चौरान्नब्बे पन्चान्नब्बे छयान्नब्बे सन्तान्नब्बे अन्ठान्नब्बे उनान्सय'
).split(' ');

const ENGLISH_TO_19 = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' + 'seventeen eighteen nineteen'
).split(' ');
const ENGLISH_TENS = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

function below100(value: number, language: Spoken): string {
  if (language === 'ne') return NEPALI_TO_99[value] ?? '';
  if (value < 20) return ENGLISH_TO_19[value] ?? '';
  const tens = ENGLISH_TENS[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : `${tens}-${ENGLISH_TO_19[value % 10]}`;
}

// The largest first. English stops at the crore, of which there may be thousands and lakhs; Nepali has a name for every second zero.
const STEPS: Readonly<Record<Spoken, readonly (readonly [bigint, string])[]>> = {
  en: [
    [10_000_000n, 'crore'],
    [100_000n, 'lakh'],
    [1_000n, 'thousand'],
    [100n, 'hundred'],
  ],
  ne: [
    [1_000_000_000_000_000n, 'पद्म'],
    [10_000_000_000_000n, 'नील'],
    [100_000_000_000n, 'खर्ब'],
    [1_000_000_000n, 'अर्ब'],
    [10_000_000n, 'करोड'],
    [100_000n, 'लाख'],
    [1_000n, 'हजार'],
    [100n, 'सय'],
  ],
};

/** A whole number from 0 in words. */
export function numberInWords(value: bigint, language: Spoken): string {
  if (value < 100n) return below100(Number(value), language);
  const words: string[] = [];
  let rest = value;
  for (const [size, name] of STEPS[language]) {
    if (rest < size) continue;
    words.push(numberInWords(rest / size, language), name);
    rest %= size;
  }
  if (rest > 0n) words.push(below100(Number(rest), language));
  return words.join(' ');
}

/** `एक हजार एक सय पैंतालीस रुपैयाँ मात्र।` The sign is not said; undefined where the currency's words are not known. */
export function amountInWords(amountMinor: bigint, currency: ReceiptCurrency, language: Spoken): string | undefined {
  if (currency.code !== 'NPR' || currency.decimals !== 2) return undefined;
  const magnitude = amountMinor < 0n ? -amountMinor : amountMinor;
  const rupees = numberInWords(magnitude / 100n, language);
  const paisa = magnitude % 100n;
  if (language === 'ne') {
    return `${rupees} रुपैयाँ${paisa === 0n ? '' : ` ${numberInWords(paisa, 'ne')} पैसा`} मात्र।`;
  }
  const unit = magnitude / 100n === 1n ? 'rupee' : 'rupees';
  const text = `${rupees} ${unit}${paisa === 0n ? '' : ` and ${numberInWords(paisa, 'en')} paisa`} only`;
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
