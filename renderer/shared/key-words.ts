/**
 * A key's fingerprint as six short words, to be read aloud between a hillside and head office: one word a byte of its first six.
 * Invariants: 256 different words, lower case Latin, 3 to 6 letters; a word never changes its place, because paper and people remember it.
 */
const WORDS =
  'acorn actor alarm album angle apple april arrow atlas aunt autumn axis baby badge bagel baker bamboo banana barley basket beach bean bear beetle bell bench berry bike birch bird bishop blanket ' +
  'boat bone book boot bottle bowl box branch brass bread brick bridge broom brush bucket bull butter button cabin cable cactus cake camel camp canal candle canoe canyon carpet carrot castle cat ' +
  'cedar chain chair chalk cherry chess chick circle city clay cliff clock cloth cloud clover coal coat cobra cocoa coin comb copper coral corn cotton cousin cow crab crane creek crow crown cube ' +
  'cup curry daisy dance dawn deer desert desk dew diary dish dog doll donkey door dove dragon dream drum duck dune dust eagle earth echo egg eight elbow engine fable falcon family farm feast ' +
  'fern field fig finger fire fish flag flame flock flood floor flour flute forest fox frog frost fruit garden garlic gate ghost giant ginger girl glass glove goat gold goose grape grass guitar ' +
  'hammer harbor hat hawk hazel hill honey hook horn horse hotel house ice ink iron island ivory jacket jade jar jelly jewel judge juice jungle kettle king kite knee ladder lake lamb lamp lantern ' +
  'leaf lemon lentil letter lily lime lion lizard lotus maize mango map maple marble market meadow melon milk mill mint mirror monk moon moss mule nail needle nest noodle north nut oak oats ocean ' +
  'olive onion orange orchid otter owl paddle page palm panda paper parrot peach pear pebble pencil pepper piano pillow pine plum pond potato prince pump quail queen quilt rabbit radio rain raven ' +
  'rice ring river road robin rocket roof rope rose ruby saddle sail salt sand scarf seed seven sheep shell shirt shoe silk silver snail snow soap sofa spice spoon stone sugar sun table tiger yak';

/** Words of 3 to 6 letters only, the first 256 of them. */
const LIST: readonly string[] = [...new Set(WORDS.split(' '))].filter((word) => word.length >= 3 && word.length <= 6).slice(0, 256);

export const keyWordList = (): readonly string[] => LIST;

/** The six words of a fingerprint in hex; none for what is not one. */
export const keyWords = (fingerprint: string): readonly string[] => {
  if (!/^[0-9a-f]{12,128}$/i.test(fingerprint)) return [];
  return Array.from({ length: 6 }, (_, index) => LIST[Number.parseInt(fingerprint.slice(index * 2, index * 2 + 2), 16)] ?? '');
};
