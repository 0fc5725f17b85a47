# Prints a schema of TYPES entity types and ACTIONS actions, or with PART=policies so many policies written against it. Types stand in
# hierarchies and share attributes; every tenth action is a group; four policies of five are for one action, every seventh is for types
# to which no action of it applies, and every hundredth for all actions.
# usage: awk -v TYPES=500 -v ACTIONS=1000 -v POLICIES=1000 -v PART=schema|policies -f validation.awk
function type(i) { i %= TYPES; return "Space" int(i / 50) "::Type" i }
BEGIN {
	if (PART == "policies") {
		for (i = 0; i < POLICIES; i++) {
			a = (i * 7) % ACTIONS
			if (a % 10 == 0) a++
			if (i % 100 == 0) scope = "principal, action, resource"
			else if (i % 5 == 0) scope = sprintf("principal is %s, action in Action::\"action%d\", resource", type(a), a - a % 10)
			else if (i % 7 == 0) scope = sprintf("principal is %s, action == Action::\"action%d\", resource", type(a + 250), a)
			else scope = sprintf("principal is %s, action == Action::\"action%d\", resource in %s::\"r%d\"", type(a), a, type(a + 3), i)
			printf "permit(%s)\nwhen {\n  principal.name == resource.name && (principal has manager.level || resource.size > %d)\n", scope, i
			printf "  && context has device && context.device.trusted && ![\"x\", \"y%d\"].contains(resource.name)\n};\n", i
		}
		exit
	}
	for (i = 0; i < TYPES; i++) {
		if (i % 50 == 0) printf "%snamespace Space%d {\n", i ? "}\n" : "", i / 50
		parents = i % 5 ? sprintf(" in [%s]", type(i - 1)) : ""
		printf "  entity Type%d%s = {name: String, size: Long, manager?: {level: Long, deputy: %s}, labels: Set<String>};\n", i, parents, type(i + 7)
	}
	print "}"
	for (i = 0; i < ACTIONS; i++) {
		if (i % 10 == 0) { printf "action \"action%d\";\n", i; continue }
		printf "action \"action%d\" in [\"action%d\"] appliesTo {principal: [%s, %s], resource: [%s, %s], ", i, i - i % 10, type(i), type(i + 1), type(i + 2), type(i + 3)
		print "context: {device?: {trusted: Bool, name: String}}};"
	}
}
