#!/usr/bin/env python3
"""Lists the routes of an OpenStack service, METHOD /path a line, as the service itself maps them.

Run it with the Python of an environment that has the service: `python tests/routes.py compute --config-file nova.conf`. What it
prints are the lists in contracts/*/*/routes.yaml.
"""
import re, sys

def compute(config):
    import nova.conf
    from nova import config as c
    c.parse_args(['x'] + config, default_config_files=[])
    from nova.api.openstack.compute import routes
    for path, methods in routes.ROUTE_LIST:
        if isinstance(methods, str):
            continue
        for method in methods:
            yield method, path

def mapper_routes(mapper):
    for route in mapper.matchlist:
        methods = (route.conditions or {}).get('method') or ['GET']
        if route.defaults.get('action') in ('reject', 'versions') and 'allowed_methods' in str(route.defaults):
            continue
        for method in methods:
            yield method, route.routepath, route

def image(config):
    import routes
    from glance.api.v2 import router
    from glance.common import config as c
    c.parse_args(config)
    mapper = routes.Mapper()
    router.API(mapper)
    for method, path, route in mapper_routes(mapper):
        if route.defaults.get('action') == 'reject':
            continue
        yield method, path

def volume(config):
    import cinder.objects
    from cinder.objects import base
    cinder.objects.register_all()
    from cinder import service
    from oslo_config import cfg
    from cinder.common import config as _
    cfg.CONF(config, project='cinder')
    from cinder import rpc
    rpc.initialized = lambda: True
    rpc.get_client = rpc.get_notifier = lambda *a, **k: None
    from cinder.api.v3.router import APIRouter
    app = APIRouter()
    for method, path, route in mapper_routes(app.map):
        resource, action = route.defaults.get('controller'), route.defaults.get('action')
        resource = app.resources.get(resource, resource) if isinstance(resource, str) else resource
        controller = getattr(resource, 'controller', None)
        if controller is None or action == 'action' or hasattr(controller, action) or action in resource.wsgi_actions:
            yield method, path

def identity(config):
    import keystone.conf
    from keystone.server.flask import application
    keystone.conf.configure(); keystone.conf.CONF(config, project='keystone')
    from keystone.server.flask import core
    app = application.application_factory()
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {'OPTIONS'}:
            yield method, rule.rule

def network(config):
    # Neutron maps collections, not paths: each has the same five routes, and its actions.
    import importlib, json, pkgutil
    aliases = {extension['alias'] for extension in json.load(open(config[0]))['extensions']} | {None}
    from neutron_lib.api import definitions
    for module in pkgutil.iter_modules(definitions.__path__):
        module = importlib.import_module('neutron_lib.api.definitions.' + module.name)
        if aliases and getattr(module, 'ALIAS', None) not in aliases:
            continue
        prefix = getattr(module, 'API_PREFIX', '') or ''
        for name in getattr(module, 'RESOURCE_ATTRIBUTE_MAP', {}):
            path = prefix + '/' + name.replace('_', '-')
            yield from five(path)
            for action, method in getattr(module, 'ACTION_MAP', {}).get(name[:-1], {}).items():
                yield method, path + '/{id}/' + action
        for name, sub in (getattr(module, 'SUB_RESOURCE_ATTRIBUTE_MAP', None) or {}).items():
            parent = sub.get('parent')
            if parent:
                yield from five(prefix + '/' + parent['collection_name'].replace('_', '-') + '/{parent_id}/' + name.replace('_', '-'))

    yield from [('GET', '/extensions'), ('GET', '/extensions/{alias}'), ('GET', '/quotas')]
    yield from [(method, '/quotas/{id}') for method in ('GET', 'PUT', 'DELETE')]
    yield from [('GET', '/quotas/{id}/default'), ('GET', '/quotas/{id}/details')]
    # neutron/extensions/tagging.py, of each collection that has standard attributes.
    from neutron.db import models_v2
    from neutron.extensions import tagging
    for name in tagging.TAG_SUPPORTED_ATTR_RESOURCES if hasattr(tagging, 'TAG_SUPPORTED_ATTR_RESOURCES') else TAGGED:
        path = '/' + name + '/{parent_id}/tags'
        yield from [(method, path) for method in ('GET', 'PUT', 'POST', 'DELETE')]
        yield from [(method, path + '/{id}') for method in ('GET', 'PUT', 'DELETE')]

TAGGED = ('floatingips', 'networks', 'network_segment_ranges', 'policies', 'ports', 'routers', 'security-groups',
          'security-group-rules', 'segments', 'subnetpools', 'subnets', 'trunks')

def five(path):
    return [('GET', path), ('POST', path)] + [(method, path + '/{id}') for method in ('GET', 'PUT', 'DELETE')]

if __name__ == '__main__':
    seen = set()
    for method, path in globals()[sys.argv[1]](sys.argv[2:]):
        path = re.sub(r'<(?:[a-z]+:)?([^>]*)>', r'{\1}', path)
        path = re.sub(r'\{([^}:]*):[^}]*\}', r'{\1}', path)
        path = re.sub(r':(?!\()(\w+)', r'{\1}', re.sub(r':\(([^)]*)\)', r'{\1}', path)).removesuffix('.{format}').rstrip('/') or '/'
        path = path.removeprefix('/{project_id}') if sys.argv[1] == 'volume' else path
        if method == 'HEAD' or path.endswith(('/new', '/edit')):
            continue
        seen.add((path, method))
    for path, method in sorted(seen):
        print(method, path)
