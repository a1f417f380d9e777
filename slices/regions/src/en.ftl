regions-menu = Regions
regions-title = Regions of Indonesia
regions-lead = Find a village, ward, district, regency, city or province.
regions-description = The regions of Indonesia down to villages and wards, with official codes and postal codes.
regions-about = { $name } ({ $kind }): the regions within, the official code, and the rules for KIM.
regions-search-label = Name or code of a region
regions-search-hint = For example: Pahandut, Palangka Raya, or 62.71
regions-search-go = Search
regions-results = Results for “{ $q }”
regions-none-title = Not found yet
regions-none = Try only the start of the name, without the word for village or district.
regions-all = See all provinces
regions-unloaded-title = The regions are not loaded yet
regions-unloaded = Ask the operator to load the regions, then open this page again.
regions-counts-above = Indonesia has { $provinces } provinces with { $regencies } regencies and cities.
regions-counts-below = They hold { $districts } districts with { $villages } villages and wards.
regions-map-note = The number in a tile is how many regions lie within. The table below holds the same data.
regions-map-note-deep = Tiles are grouped by district. The table below holds the same data.
regions-tile = { $name }: { $n ->
    [one] one region within
   *[other] { $n } regions within
}
regions-list-provinces = Provinces
regions-list-regencies = Regencies and cities
regions-list-districts = Districts
regions-list-villages = Villages and wards
regions-name = Name
regions-kind = Kind
regions-kind-country = Indonesia
regions-kind-province = Province
regions-kind-regency = Regency
regions-kind-city = City
regions-kind-district = District
regions-kind-ward = Ward
regions-kind-village = Village
regions-kind-customary = Customary village
regions-inside = Regions within
regions-code = Region code
regions-postal = Postal code
regions-crumbs = Where this region lies
regions-choose-this = Make this my region
regions-facts = Region data
regions-official-name = Official name
regions-aliases = Other names
regions-former = Former code
regions-until = until { $date }
regions-since = Valid since
regions-ended = Code { $code } ended on { $date }.
regions-ended-next = It was replaced by:
regions-ended-many = This region became several:
regions-source = Codes, names and postal codes come from data of the Ministry of Home Affairs, decree 300.2.2-2138 of 2025.
regions-choose-title = Choose your region
regions-choose-lead = The home page will show news from the region you choose. You can change it at any time.
regions-choose-now = You now see news of { $name }. Choose another region below.
regions-choose-walk = Choose from the list of provinces
regions-choose-whole = All of { $name }
regions-choose-all = All of Indonesia
regions-choose = Choose
regions-chosen = Your region is now { $name }. The home page shows news from there.
regions-chosen-all = You now see news from all of Indonesia.
regions-picker-label = Region
regions-picker-hint = Write the start of the name of a village, ward, district, regency or city.
regions-picker-found = { "{" }n{ "}" } regions found
regions-picker-none = No region starts with that name
regions-picker-failed = The list of regions could not be loaded. Write the name, then send.
regions-picker-which = Which one do you mean?
regions-api-limit = limit must be a number from 1 to 500.
regions-api-after = Use the value of next from the page before.
regions-policy-here = Rules for KIM here
regions-policy-all = All rules
regions-policy-country-link = See the rules for all of Indonesia
regions-policy-title = Rules for KIM in { $name }
regions-policy-lead = Each region may set its own rules. A region that has not follows the one above it.
regions-policy-what = Rule
regions-policy-value = In force here
regions-policy-source = Set by
regions-policy-size-min = Fewest members of a KIM
regions-policy-size-max = Most members of a KIM
regions-policy-decree-signer = Who signs the decree
regions-policy-eligibility = Who may be an officer
regions-policy-term-years = Term of office
regions-policy-review-chain = Who publishes news
regions-policy-review-days = Time to review an article
regions-policy-verify-days = Time to verify a KIM
regions-policy-adinda = Kinds of activity
regions-policy-number-pattern = Pattern of KIM numbers
regions-policy-people = { $n ->
    [one] 1 person
   *[other] { $n } people
}
regions-policy-years = { $n ->
    [one] 1 year
   *[other] { $n } years
}
regions-policy-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
regions-chain-kim = The KIM’s editor
regions-chain-regency = The regency’s or city’s fostering officer
regions-policy-from-default = Built into Simpul, no region has set it
regions-policy-from = { $place }, by { $name }, { $date }
regions-policy-from-place = { $place }, { $date }
regions-policy-edit = Change the rules of { $name }
regions-policy-edit-lead = Fill in only what you want to set. Leave a field empty to follow the region above.
regions-policy-hint = If empty: { $value } ({ $source }).
regions-policy-follow = Follow the region above
regions-policy-save = Save rules
regions-policy-saved = We saved the rules of { $name }. They hold from now on, also in the regions below.
regions-policy-unchanged = Nothing changed. The rules stay as they were.
regions-policy-number = Write a number from { $least } to { $most }.
regions-policy-choice = Choose one of the publishers.
regions-policy-pattern = Write a pattern with one {"{urut}"}. Other parts: {"{kode}"}, {"{desa}"}, {"{tahun}"}.
regions-policy-order = The highest number must be equal to or above the lowest.
regions-map-label = Map of { $name }
