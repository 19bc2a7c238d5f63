import "./_search_page.js";
