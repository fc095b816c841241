"""Words with which requests begin or that fill them: none of them alone is a misspelt project."""

from __future__ import annotations

_WORDS = """
    a able about above accept access accessibility account accounts action actions active actual ad add adding additional address
    adds adjust admin ads advert advertise after again against agenda ago align all allow almost also alt always am amend an analyse
    analytics analyze and animate animated animation another answer any anything api app apply approval approve apps archive are area
    article articles as asap ask asked asks assets at attach audience audio audit auto autumn available avatar award away
    back backend background backup bad badge banner banners bar basic basket be because before behind best better between big bigger
    bill blank block blog blue board body bold book booking books bottom box boxes brand branding break brief bring broken brochure
    browser budget bug bugs build building bulk business but button buttons buy by
    cache calendar call calls campaign can cancel cannot caption card cards care careers carousel cart case cases category center
    centre change changed changes changing channel chart chat check checkbox checkout choose class clean clear click client clients close cms
    code collect color colour colours column columns comment comments company compare complete concept confirm connect consent contact content contract
    convert cookie cookies copy correct cost could count country cover create creating creative crop cta current custom customer customers cut
    daily dark dashboard data date dates day days deadline deal debug decide deck default delay delete deliver delivery demo deploy
    design designs desktop detail details dev develop different digital direct disable discount discuss display do doc docs document does done
    double down download draft drag draw drop dropdown due duplicate during dynamic
    each early easy edit editor effect either email emails embed empty enable end english enlarge enter error errors estimate even event
    events every exact example excel exchange expand expire explain export extend extra
    face fact faq fast favicon feature features feed feedback few field fields figma file files fill filter filters final find fine finish
    first fit fix fixed fixes flow flyer folder follow font fonts food footer for forgot form format forms forward four frame free french friday
    from front frontend full function further future
    gallery game general german get gets getting gift give global globe go goes going good google got graph graphic graphics great green grey grid group
    grow guest guide
    half hand handle happy hard has have header heading headline help here hero hey hi hide high highlight hint hire his hold holiday home homepage
    hour hours house hover how html huge
    icon icons idea ideas if image images img implement import important improve in include increase info information initial input insert
    inside install instead integrate integration international internal intro investigate invite invoice is issue issues it item items its
    japanese job jobs join july june just keep key keyword kick kind know
    label labels landing language large larger last late later latest launch layout lead leads learn leave left legal less let letter level light
    like limit line link links list lists live load loading local location lock log login logo logos logout long look looks low
    magazine mail main maintain make makes making manage manager manual many map mark market marketing match material max may maybe media
    meet meeting member members menu merge message meta method middle migrate min mini minor missing mobile mock mockup modal mode
    model module monday money month monthly more most move movie much multi multiple music must my
    name names nav navigation need needs network never new news newsletter next nice night no none not note notes nothing notice
    notification notifications now number numbers
    of off offer office offline often ok old on once one online only onto open opening optimise optimize option options or order orders other our
    out outline outside over overview own
    pack package packaging page pages paid panel paper part partner parts party password past paste patch path pay payment pdf people per performance
    person phase phone photo photos pick picture pictures piece pilot pipeline pitch place plan plans play player please pls plus point policy poll pop
    popup portal portfolio position possible post poster posts prepare present presentation press preview price prices pricing primary print
    priority privacy private pro problem process product products profile programme program progress project promo promote proof proposal prototype provide
    public publish pull push put
    quarter query question questions quick quickly quiz quote
    radio raise range rate re reach read ready real rebrand rebuild recent record red redesign redirect redo reduce refactor reference refresh region
    register relaunch release reload remind reminder remove rename renew repair repeat replace report reports request requests require research reset resize
    resolve response responsive rest restore result results retina return reuse review reviews revise revision rework rewrite right role roll room rotate
    round row rows rule run
    sale sales same sample save say scale scan schedule school screen script scroll search season second section secure security see seem
    select sell send sends seo series serve server service session set sets setting settings setup several share shop short should show
    shows side sidebar sign signup simple since single site sitemap size sketch slide slider slides slow small smaller smart social
    some something soon sort sound source space spanish special speed split spring sprint staging stage standard start state static stats status step
    sticky still stock stop store story strategy stream string strong structure studio style styles sub submit subscribe subtitle such suggest summer
    summary sunday super supplier support survey swap switch sync system
    tab table tabs tag tags take talk target task tasks tax team teams teaser tech tell template templates terms test testimonial testing tests text than
    thank thanks that the their them theme then there they thing things think this three through thumbnail ticket time times title to today toggle
    token tomorrow too tool tooltip top topic total touch tour track tracking trailer train training transfer translate translation trial
    try turn tweak tweaks two type typo typos
    ui under undo uk unit until up update updated updates upgrade upload urgent url us usa use user users using ux
    valid value various vector version very via video videos view views visit visual voice vote
    wait want wants warning was way we web webinar website week weekly welcome well were what when where which white who why wide widget
    width will win window winter wireframe wish with within without wizard woman women word wording work works workshop world would wrap write wrong
    year yearly yellow yes yet you your zoom
    aber alle alles als alte alten alter anderer andere ändern änderung anfrage angebot anpassen anpassung anzeige auch auf aus baue bauen bei bild bilder
    bitte brauchen braucht das dem den der die dies diese doch dringend ein eine einbauen einen einfügen einladung entfernen ergänzen erstellen farbe fehler
    fertig für ganz gibt größer größere hallo hat heute hinzufügen ich im ist kann kannst kein keine kleine kleiner können korrektur kunde kunden lade löschen
    machen mal mehr mit möchte nach neu neue neuen neuer neues nicht noch nur oder ohne prüfen schnell schrift schöner sehr seite sie sind soll sollen
    start startseite suche texte überarbeiten übersetzen um und uns unser unsere verschieben von vor warum was wenn wie will wir wird wunsch wünscht zu zum zur
"""
ORDINARY_WORDS = frozenset(_WORDS.split())
