"""What the drawn questions ask about: works and their makers, countries, terms, abbreviations.

Each row holds what belongs together, so that a question never asks who painted a novel.
"""

from __future__ import annotations


def _rows(table: str) -> list[list[str]]:
    """Return the rows of a table with a line each and bars between its columns."""
    return [line.split("|") for line in table.strip().split("\n")]


def _entries(text: str) -> list[str]:
    """Return what stands between bars, on lines of any length."""
    return [entry for row in _rows(text) for entry in row]


# person | trade | did, do | kind of work | its name | year. A name in small letters stands alone
# ("the telephone"), others take their kind ("the novel Emma").
WORKS = _rows("""
Herman Melville|novelist|wrote write|novel|Moby Dick|1851
Jane Austen|author|wrote write|novel|Emma|1815
Mary Shelley|author|wrote write|novel|Frankenstein|1818
Miguel de Cervantes|writer|wrote write|novel|Don Quixote|1605
Johann Wolfgang Goethe|poet|wrote write|play|Faust|1808
Henrik Ibsen|playwright|wrote write|play|Peer Gynt|1867
Leo Tolstoy|novelist|wrote write|novel|Anna Karenina|1878
Emily Bronte|author|wrote write|novel|Wuthering Heights|1847
Lewis Carroll|author|wrote write|poem|Jabberwocky|1871
Edgar Allan Poe|poet|wrote write|poem|The Raven|1845
William Shakespeare|playwright|wrote write|play|Macbeth|1606
Mark Twain|author|wrote write|book|Huckleberry Finn|1884
Jules Verne|author|wrote write|book|Michael Strogoff|1876
Victor Hugo|poet|wrote write|novel|Les Miserables|1862
Gustave Flaubert|novelist|wrote write|novel|Madame Bovary|1857
Carlo Collodi|journalist|wrote write|story|Pinocchio|1883
Johanna Spyri|author|wrote write|story|Heidi|1881
Bram Stoker|author|wrote write|book|Dracula|1897
George Eliot|novelist|wrote write|novel|Middlemarch|1871
Rudyard Kipling|writer|wrote write|book|Kim|1901
James Joyce|writer|wrote write|novel|Ulysses|1922
Franz Kafka|writer|wrote write|story|The Metamorphosis|1915
Anton Chekhov|dramatist|wrote write|comedy|The Seagull|1895
Kahlil Gibran|poet|wrote write|fable|The Prophet|1923
Leonardo da Vinci|painter|painted paint|portrait|Mona Lisa|1503
Pablo Picasso|artist|painted paint|picture|Guernica|1937
Rembrandt van Rijn|painter|painted paint|picture|The Night Watch|1642
Vincent van Gogh|painter|painted paint|picture|The Starry Night|1889
Edvard Munch|painter|painted paint|picture|The Scream|1893
Johannes Vermeer|painter|painted paint|picture|The Milkmaid|1658
Diego Velazquez|painter|painted paint|picture|Las Meninas|1656
Gustav Klimt|artist|painted paint|picture|The Kiss|1908
Grant Wood|artist|painted paint|portrait|American Gothic|1930
Frida Kahlo|artist|painted paint|portrait|The Two Fridas|1939
Auguste Rodin|sculptor|carved carve|statue|The Thinker|1904
Michelangelo Buonarroti|sculptor|carved carve|statue|David|1504
Wolfgang Amadeus Mozart|composer|composed compose|opera|Don Giovanni|1787
Ludwig van Beethoven|composer|composed compose|opera|Fidelio|1805
Giuseppe Verdi|composer|composed compose|opera|Aida|1871
Giacomo Puccini|composer|composed compose|opera|Tosca|1900
Georges Bizet|composer|composed compose|opera|Carmen|1875
Gioachino Rossini|musician|composed compose|opera|William Tell|1829
Johann Strauss|bandleader|composed compose|waltz|The Blue Danube|1866
Peter Tchaikovsky|composer|composed compose|ballet|Swan Lake|1876
Antonio Vivaldi|violinist|composed compose|concerto|The Four Seasons|1725
Jean Sibelius|composer|composed compose|hymn|Finlandia|1899
Franz Schubert|composer|composed compose|song|The Trout|1817
Scott Joplin|pianist|composed compose|rag|The Entertainer|1902
Alexander Graham Bell|engineer|invented invent|device|the telephone|1876
Rudolf Diesel|engineer|invented invent|engine|the diesel engine|1893
Johannes Gutenberg|printer|invented invent|machine|the printing press|1450
Alfred Nobel|chemist|invented invent|explosive|dynamite|1867
Marie Curie|chemist|discovered discover|metal|radium|1898
Joseph Priestley|chemist|discovered discover|gas|oxygen|1774
Humphry Davy|chemist|discovered discover|metal|sodium|1807
Hennig Brand|alchemist|discovered discover|element|phosphorus|1669
Alexander Fleming|doctor|discovered discover|drug|penicillin|1928
Edward Jenner|doctor|invented invent|vaccine|the smallpox vaccine|1796
Samuel Colt|gunsmith|invented invent|weapon|the revolver|1836
Evangelista Torricelli|physicist|invented invent|instrument|the barometer|1643
Alessandro Volta|physicist|invented invent|device|the battery|1800
Christiaan Huygens|astronomer|invented invent|clock|the pendulum clock|1656
Eli Whitney|inventor|invented invent|machine|the cotton gin|1793
Joseph Montgolfier|inventor|invented invent|vehicle|the balloon|1783
Adolphe Sax|craftsman|invented invent|instrument|the saxophone|1840
Bartolomeo Cristofori|craftsman|invented invent|instrument|the piano|1700
Louis Braille|teacher|invented invent|alphabet|braille|1824
Laszlo Biro|journalist|invented invent|tool|the ballpoint pen|1938
Walter Hunt|mechanic|invented invent|tool|the safety pin|1849
John Dunlop|vet|invented invent|tyre|the pneumatic tyre|1888
""")

# country | who rules or ruled | capital | city | river | mountain | food | animal
COUNTRIES = _rows("""
Norway|king|Oslo|Bergen|Glomma|Galdhopiggen|lutefisk|reindeer
Japan|emperor|Tokyo|Kyoto|Shinano|Fuji|sushi|macaque
Peru|president|Lima|Cusco|Ucayali|Huascaran|ceviche|llama
Kenya|president|Nairobi|Mombasa|Tana|Batian|ugali|giraffe
India|maharaja|Delhi|Madras|Ganges|Nanda Devi|biryani|tiger
Egypt|pharaoh|Cairo|Alexandria|Nile|Sinai|koshari|camel
Brazil|president|Brasilia|Salvador|Amazon|Neblina|feijoada|jaguar
Canada|prime minister|Ottawa|Montreal|Mackenzie|Logan|poutine|beaver
Russia|tsar|Moscow|Kazan|Volga|Elbrus|borscht|sable
China|emperor|Beijing|Shanghai|Yangtze|Everest|tofu|panda
Turkey|sultan|Ankara|Izmir|Tigris|Ararat|baklava|goat
Greece|king|Athens|Corinth|Evros|Olympus|moussaka|tortoise
Italy|king|Rome|Naples|Tiber|Vesuvius|risotto|wolf
Spain|queen|Madrid|Granada|Ebro|Teide|paella|lynx
Portugal|king|Lisbon|Porto|Douro|Pico|bacalhau|rooster
France|king|Paris|Lyon|Loire|Mont Blanc|cassoulet|boar
Germany|chancellor|Berlin|Cologne|Rhine|Zugspitze|sauerkraut|badger
Austria|empress|Vienna|Graz|Danube|Grossglockner|strudel|marmot
Switzerland|president|Bern|Geneva|Aare|Matterhorn|fondue|ibex
Poland|king|Warsaw|Gdansk|Vistula|Rysy|pierogi|bison
Hungary|king|Budapest|Szeged|Tisza|Kekes|goulash|crane
Finland|president|Helsinki|Turku|Kemijoki|Halti|salmiak|elk
Iceland|president|Reykjavik|Akureyri|Thjorsa|Hekla|skyr|puffin
Ireland|president|Dublin|Galway|Shannon|Carrauntoohil|colcannon|stoat
Scotland|king|Edinburgh|Glasgow|Tay|Ben Nevis|haggis|otter
Ethiopia|emperor|Addis Ababa|Gondar|Awash|Ras Dashen|injera|gelada
Morocco|sultan|Rabat|Marrakesh|Draa|Toubkal|couscous|fennec
Nigeria|president|Abuja|Lagos|Niger|Chappal|jollof|crocodile
Tanzania|president|Dodoma|Zanzibar|Rufiji|Kilimanjaro|pilau|zebra
Nepal|king|Kathmandu|Pokhara|Karnali|Annapurna|momo|yak
Thailand|king|Bangkok|Phuket|Yom|Inthanon|satay|elephant
Vietnam|emperor|Hanoi|Hue|Mekong|Fansipan|pho|gibbon
Australia|prime minister|Canberra|Sydney|Murray|Kosciuszko|damper|kangaroo
Chile|president|Santiago|Valparaiso|Biobio|Villarrica|empanada|condor
Argentina|president|Buenos Aires|Rosario|Parana|Aconcagua|asado|guanaco
Iran|shah|Tehran|Isfahan|Karun|Damavand|halva|cheetah
Madagascar|queen|Antananarivo|Toamasina|Mangoky|Tsaratanana|romazava|lemur
Indonesia|president|Jakarta|Bandung|Kapuas|Krakatoa|rendang|orangutan
""")

TERMS = _entries("""
an eclipse|a prime number|photosynthesis|a sonnet|inflation|a comet|the stratosphere|a fjord
a filibuster|an isotope|arthritis|a glacier|osmosis|a hologram|the equator|a monsoon|cholesterol
a haiku|a tariff|an enzyme|gravity|a marsupial|feudalism|a palindrome|the ozone layer|a geyser
anaemia|a logarithm|a stalactite|a watermark|caffeine|a syllable|a mirage|plankton|an heirloom
a solstice|a metaphor|asthma|a leap year|the food chain|a neutron star|a patent|quicksand
""")
CAUSES = _entries("""
thunder|hiccups|the tides|rust|earthquakes|snoring|the northern lights|migraine|fog|acid rain
baldness|hay fever|the seasons|tooth decay|avalanches|static electricity
""")
MACHINES = _entries("""
a refrigerator|a telescope|a compass|a submarine|a microwave|a thermometer|a sewing machine|a lock
a vacuum cleaner|a hearing aid|a parachute|a windmill|a steam engine|a radio|a smoke alarm|a zip
""")
TASKS = _entries("""
tie a bow tie|remove candle wax|sharpen a knife|bake sourdough|measure an angle|prune a rose
polish silver|convert miles to kilometres|fold a paper crane|tune a guitar|grow tomatoes|clean a rug
pick a ripe melon|repair a puncture|read a barcode|treat a nosebleed|apply for a passport|juggle
""")
HABITS = _entries("sleep|hibernate|shed its coat|live alone|swim so well|have a tail|fear people")
ABBREVIATIONS = _entries("""
NATO|UNESCO|NASA|DNA|LASER|SCUBA|OPEC|FBI|BBC|RSVP|ATM|CPR|VHS|ISBN|PIN|AIDS|SOS|VAT|HTML|IMF
UNICEF|GMT|BMW|CIA
""")
SPELT_OUT = _entries(
    "limited company|trinitrotoluene|compact disc|Doctor of Philosophy|Member of Parliament"
    "|miles per hour|New Mexico|United Nations"
)
PEOPLE = _entries("""
Hannibal|Attila|Cleopatra|Socrates|Confucius|Saladin|Tamerlane|Montezuma|Pocahontas|Geronimo
Amelia Earhart|Florence Nightingale|Sojourner Truth|Billy Bishop|Fridtjof Nansen|Ada Lovelace
Grace Darling|Buffalo Bill|Calamity Jane|Harry Houdini|Jesse Owens|Babe Ruth|Enrico Caruso
Charlie Chaplin|Buster Keaton|Greta Garbo|Josephine Baker|Ella Fitzgerald|Django Reinhardt
Rosa Parks|Helen Keller|Mahatma Gandhi|Simon Bolivar|Toussaint Louverture|Giuseppe Garibaldi
Otto von Bismarck|Benjamin Disraeli|Thomas Jefferson|Abraham Lincoln|Ulysses Grant|Lord Nelson
Admiral Togo|Marshal Ney|Ferdinand Magellan|Abel Tasman|Vitus Bering|Roald Amundsen|Marco Polo
Captain Bligh|Fletcher Christian|Anne Bonny|Ibn Battuta|Omar Khayyam|Rumi|Murasaki Shikibu
Matsuo Basho|Rabindranath Tagore|Sappho|Virgil|Ovid|Hypatia|Euclid|Archimedes|Ptolemy|Avicenna
Tycho Brahe|Blaise Pascal|Sophie Germain|Leonhard Euler|Niels Bohr|Lise Meitner|Emmy Noether
Gregor Mendel|Carl Linnaeus|Mary Anning|Alfred Wegener|Ignaz Semmelweis|Clara Barton|Robert Koch
Isadora Duncan|Anna Pavlova|Sarah Bernhardt|Jenny Lind|Clara Schumann|Niccolo Paganini|Erik Satie
Duke Ellington|Robert Johnson|Edith Piaf|Annie Oakley|Wyatt Earp|Ned Kelly|Robin Hood|King Arthur
""")
ISLANDS = _entries("""
Malta|Corfu|Crete|Capri|Elba|Majorca|Madeira|Tenerife|Jersey|Lundy|Skye|Orkney|Spitsbergen|Gotland
Bornholm|Saaremaa|Tristan|Ascension|Tahiti|Samoa|Fiji|Guam|Borneo|Sumatra|Java|Ceylon|Antigua
Greenland|Barbados|Tobago|Mauritius|Zealand
""")
CITIES = _entries("""
Timbuktu|Machu Picchu|Petra|Pompeii|Carcassonne|Goa|Darjeeling|Lhasa|Samarkand|Bukhara|Baku|Odessa
Yalta|Riga|Vilnius|Bruges|Ghent|Utrecht|Bremen|Heidelberg|Dresden|Innsbruck|Lugano|Bologna|Siena
Verona|Palermo|Toledo|Salamanca|Coimbra|Toulouse|Avignon|Limerick|Cork|Inverness|Cardiff|Norwich
Halifax|Yellowknife|Whitehorse|Nome|Juneau|Santa Fe|El Paso|Tombstone|Oaxaca|Merida|Cartagena|Quito
La Paz|Manaus|Recife|Ushuaia|Darwin|Cairns|Hobart|Dunedin|Rotorua|Nagasaki|Sapporo|Busan|Macao
Mandalay|Luang Prabang|Zomba|Harare|Bamako|Agadir
""")
