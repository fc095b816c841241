/** Shortcodes of the emoji people use at work. An unknown one stays as it was typed. */

const LIST = `
  +1 👍, thumbsup 👍, -1 👎, thumbsdown 👎, ok_hand 👌, wave 👋, clap 👏, raised_hands 🙌, pray 🙏, handshake 🤝,
  muscle 💪, point_right 👉, point_left 👈, point_up ☝️, point_down 👇, v ✌️, crossed_fingers 🤞, eyes 👀,
  writing_hand ✍️, raised_hand ✋, smile 😄, smiley 😃, grinning 😀, grin 😁, joy 😂,
  rolling_on_the_floor_laughing 🤣, slightly_smiling_face 🙂, wink 😉, blush 😊, innocent 😇, heart_eyes 😍,
  sunglasses 😎, thinking_face 🤔, neutral_face 😐, expressionless 😑, no_mouth 😶, face_with_rolling_eyes 🙄,
  smirk 😏, relieved 😌, sleeping 😴, disappointed 😞, worried 😟, cry 😢, sob 😭, angry 😠, rage 😡, scream 😱,
  sweat_smile 😅, sweat 😓, upside_down_face 🙃, hugging_face 🤗, nerd_face 🤓, star-struck 🤩, partying_face 🥳,
  melting_face 🫠, saluting_face 🫡, shrug 🤷, facepalm 🤦, heart ❤️, orange_heart 🧡, yellow_heart 💛,
  green_heart 💚, blue_heart 💙, purple_heart 💜, broken_heart 💔, sparkles ✨, star ⭐, star2 🌟, fire 🔥, tada 🎉,
  confetti_ball 🎊, balloon 🎈, gift 🎁, trophy 🏆, medal 🏅, rocket 🚀, boom 💥, zap ⚡, 100 💯, white_check_mark ✅,
  heavy_check_mark ✔️, ballot_box_with_check ☑️, x ❌, negative_squared_cross_mark ❎, heavy_multiplication_x ✖️,
  heavy_plus_sign ➕, heavy_minus_sign ➖, exclamation ❗, question ❓, grey_question ❔, bangbang ‼️, warning ⚠️,
  no_entry ⛔, no_entry_sign 🚫, octagonal_sign 🛑, rotating_light 🚨, information_source ℹ️, red_circle 🔴,
  large_orange_circle 🟠, large_yellow_circle 🟡, large_green_circle 🟢, large_blue_circle 🔵,
  large_purple_circle 🟣, large_brown_circle 🟤, black_circle ⚫, white_circle ⚪, red_square 🟥,
  large_orange_square 🟧, large_yellow_square 🟨, large_green_square 🟩, large_blue_square 🟦,
  large_purple_square 🟪, white_large_square ⬜, black_large_square ⬛, white_medium_square ◻️,
  small_red_triangle 🔺, small_red_triangle_down 🔻, interrobang ⁉️, radio_button 🔘, no_good 🙅,
  ok_woman 🙆, hatching_chick 🐣, new_moon 🌑, full_moon 🌕, first_quarter_moon 🌓, mailbox_with_mail 📬,
  black_medium_square ◼️, small_blue_diamond 🔹, small_orange_diamond 🔸, large_blue_diamond 🔷,
  large_orange_diamond 🔶, arrow_right ➡️, arrow_left ⬅️, arrow_up ⬆️, arrow_down ⬇️, arrow_upper_right ↗️,
  arrow_lower_right ↘️, arrow_forward ▶️, arrow_backward ◀️, leftwards_arrow_with_hook ↩️, arrow_right_hook ↪️,
  arrows_counterclockwise 🔄, repeat 🔁, fast_forward ⏩, rewind ⏪, double_vertical_bar ⏸️,
  black_square_for_stop ⏹️, calendar 📆, date 📅, spiral_calendar_pad 🗓️, clock1 🕐, clock9 🕘, clock12 🕛,
  alarm_clock ⏰, stopwatch ⏱️, timer_clock ⏲️, hourglass ⌛, hourglass_flowing_sand ⏳, watch ⌚, bell 🔔,
  no_bell 🔕, memo 📝, pencil 📝, pencil2 ✏️, clipboard 📋, page_facing_up 📄, page_with_curl 📃, bookmark 🔖,
  bookmark_tabs 📑, file_folder 📁, open_file_folder 📂, card_index 📇, card_file_box 🗃️, inbox_tray 📥,
  outbox_tray 📤, package 📦, email 📧, envelope ✉️, incoming_envelope 📨, mailbox 📫, label 🏷️, pushpin 📌,
  round_pushpin 📍, paperclip 📎, link 🔗, lock 🔒, unlock 🔓, key 🔑, mag 🔍, mag_right 🔎, bulb 💡, wrench 🔧,
  hammer 🔨, hammer_and_wrench 🛠️, gear ⚙️, toolbox 🧰, chart_with_upwards_trend 📈, chart_with_downwards_trend 📉,
  bar_chart 📊, moneybag 💰, money_with_wings 💸, euro 💶, pound 💷, dollar 💵, credit_card 💳, receipt 🧾, scales ⚖️,
  briefcase 💼, telephone_receiver 📞, phone ☎️, iphone 📱, computer 💻, desktop_computer 🖥️, keyboard ⌨️,
  camera 📷, art 🎨, triangular_ruler 📐, straight_ruler 📏, speech_balloon 💬, thought_balloon 💭,
  left_speech_bubble 🗨️, loudspeaker 📢, mega 📣, globe_with_meridians 🌐, earth_africa 🌍, house 🏠, office 🏢,
  construction 🚧, checkered_flag 🏁, triangular_flag_on_post 🚩, white_flag 🏳️, dart 🎯, seedling 🌱, herb 🌿,
  four_leaf_clover 🍀, sunny ☀️, partly_sunny ⛅, cloud ☁️, snowflake ❄️, umbrella ☔, rainbow 🌈, coffee ☕, tea 🍵,
  pizza 🍕, cake 🍰, beer 🍺, palm_tree 🌴, beach_with_umbrella 🏖️, airplane ✈️, car 🚗, bike 🚲, running 🏃,
  walking 🚶, robot_face 🤖, ghost 👻, skull 💀, poop 💩, turtle 🐢, snail 🐌, bee 🐝, unicorn_face 🦄, baseball ⚾,
  soccer ⚽, football 🏈, basketball 🏀, one 1️⃣, two 2️⃣, three 3️⃣, four 4️⃣, five 5️⃣, six 6️⃣, seven 7️⃣,
  eight 8️⃣, nine 9️⃣, zero 0️⃣, new 🆕, free 🆓, up 🆙, ok 🆗, sos 🆘, soon 🔜, top 🔝, end 🔚, recycle ♻️,
  infinity ♾️, mute 🔇, speaker 🔈, raising_hand 🙋, bow 🙇, man-shrugging 🤷‍♂️, woman-shrugging 🤷‍♀️,
  busts_in_silhouette 👥, bust_in_silhouette 👤, technologist 🧑‍💻, crystal_ball 🔮, jigsaw 🧩, ladder 🪜, ledger 📒,
  books 📚, book 📖, notebook 📓, newspaper 📰, test_tube 🧪, shield 🛡️, hand 🫱, thread 🧵
`;

const TABLE = new Map(LIST.split(",").map((pair) => pair.trim().split(" ")));
const TONES = ["", "", "\u{1F3FB}", "\u{1F3FC}", "\u{1F3FD}", "\u{1F3FE}", "\u{1F3FF}"];

/** @param {string} name without colons, possibly with "::skin-tone-3" @returns {string|null} the character */
export function emoji(name) {
  const [base, tone] = name.split("::skin-tone-");
  const found = TABLE.get(base);
  if (!found) return null;
  return tone ? found.replace("\uFE0F", "") + (TONES[Number(tone)] ?? "") : found;
}

/** Replaces every known `:name:` in plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/g, (whole, name) => emoji(name) ?? whole);
}

/** Names that begin with (or contain) what was typed, for the composer's completion. @returns {[string, string][]} */
export function emojiLike(typed, most = 8) {
  const all = [...TABLE];
  return [
    ...all.filter(([name]) => name.startsWith(typed)),
    ...all.filter(([name]) => !name.startsWith(typed) && name.includes(typed)),
  ].slice(0, most);
}
