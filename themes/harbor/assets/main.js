import "./_tools.js";
import "./_leave.js";
import "./_read.js";
import "./_upcoming.js";
import "./_organizations.js";
import "./_stations.js";
import "./_gallery.js";
import "./_suggest.js";
