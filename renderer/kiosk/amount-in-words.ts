/** A sum of rupees in Nepali words, as it is written out on a receipt. Pure; up to 99 arba, beyond that nothing. */
const UNDER_HUNDRED =
  'शून्य एक दुई तीन चार पाँच छ सात आठ नौ दश एघार बाह्र तेह्र चौध पन्ध्र सोह्र सत्र अठार उन्नाइस बीस एक्काइस बाइस तेइस चौबीस पच्चीस छब्बीस सत्ताइस अट्ठाइस उनन्तीस तीस एकतीस बत्तीस तेत्तीस चौँतीस पैँतीस छत्तीस सैँतीस अठतीस उनन्चालीस चालीस एकचालीस बयालीस त्रिचालीस चवालीस पैँतालीस छयालीस सतचालीस अठचालीस उनन्चास पचास एकाउन्न बाउन्न त्रिपन्न चउन्न पचपन्न छपन्न सन्ताउन्न अन्ठाउन्न उनन्साठी साठी एकसट्ठी बयसट्ठी त्रिसट्ठी चौँसट्ठी पैँसट्ठी छयसट्ठी सतसट्ठी अठसट्ठी उनन्सत्तरी सत्तरी एकहत्तर बहत्तर त्रिहत्तर चौहत्तर पचहत्तर छयहत्तर सतहत्तर अठहत्तर उनासी असी एकासी बयासी त्रियासी चौरासी पचासी छयासी सतासी अठासी उनान्नब्बे नब्बे एकान्नब्बे बयान्नब्बे त्रियान्नब्बे चौरान्नब्बे पन्चान्नब्बे छयान्नब्बे सन्तान्नब्बे अन्ठान्नब्बे उनान्सय'.split(
    ' ',
  );
const STEPS: readonly (readonly [bigint, string])[] = [
  [1_000_000_000n, 'अर्ब'],
  [10_000_000n, 'करोड'],
  [100_000n, 'लाख'],
  [1000n, 'हजार'],
  [100n, 'सय'],
];

const wholeInWords = (value: bigint): string => {
  if (value === 0n) return UNDER_HUNDRED[0] ?? '';
  const words: string[] = [];
  let left = value;
  for (const [size, name] of STEPS) {
    const count = left / size;
    if (count > 0n) words.push(`${UNDER_HUNDRED[Number(count)]} ${name}`);
    left %= size;
  }
  if (left > 0n) words.push(UNDER_HUNDRED[Number(left)] ?? '');
  return words.join(' ');
};

/** "एक हजार एक सय पैँतालीस रुपैयाँ मात्र" for 114500 paisa. */
export const amountInWords = (minor: bigint): string => {
  const size = minor < 0n ? -minor : minor;
  const rupees = size / 100n;
  if (rupees >= 100_000_000_000n) return '';
  const paisa = size % 100n;
  const rest = paisa === 0n ? '' : ` ${UNDER_HUNDRED[Number(paisa)]} पैसा`;
  return `${wholeInWords(rupees)} रुपैयाँ${rest} मात्र`;
};
